/** Longest search, in characters: what a person types, not a text. */
export const searchLimit = 200;

/** The words of a search, in lower case. All of them must be there; their order says nothing. */
export function searchWords(search: string): string[] {
  return [...new Set(search.toLowerCase().split(/\s+/u))].filter((word) => word !== "");
}
