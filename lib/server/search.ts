import { Refusal } from "../shared/refusal.ts";
import { searchLimit, searchWords } from "../shared/search.ts";

/**
 * The words of `?words=`.
 * @throws Refusal 400 where there is none, or more than anybody types
 */
export function wordsOf(request: Request): string[] {
  const asked = (new URL(request.url).searchParams.get("words") ?? "").trim();
  if (asked !== "" && asked.length <= searchLimit) return searchWords(asked);
  const message = `Search for something, in at most ${searchLimit} characters.`;
  throw new Refusal(400, "invalid_search", message, { field: "words" });
}
