import { Refusal } from "../shared/refusal.ts";
import { searchLimit } from "../shared/search.ts";

/**
 * The words of `?search=`; "" = none.
 * @throws Refusal 400 where they are more than anybody types
 */
export function searchOf(request: Request): string {
  const search = (new URL(request.url).searchParams.get("search") ?? "").trim();
  if (search.length <= searchLimit) return search;
  const message = `A search has at most ${searchLimit} characters. Search for fewer words.`;
  throw new Refusal(400, "invalid_search", message, { field: "search" });
}
