/** Half a character (a lone surrogate) or NUL, as JSON.stringify writes it; an even number of backslashes before it is text. */
const unstorable = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g;

/** JSON that Postgres takes: models sometimes write NUL or half a character, and jsonb refuses the whole row for it. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value).replace(unstorable, "$1\\ufffd");
}

/** The same for a plain text column. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\uFFFD");
}

/** The value as it will be read back: what cannot be stored replaced, what is undefined left out. */
export function storable<T>(value: T): T {
  return JSON.parse(storableJson(value)) as T;
}
