/** Says what a value looks like without saying the value, which may be a secret: "51 characters, with spaces". */
export function shapeOf(value: string | undefined): string {
  if (!value) return "empty";
  const parts = [`${value.length} ${value.length === 1 ? "character" : "characters"}`];
  if (/^\d+$/.test(value)) parts.push("a number");
  const scheme = /^([a-z][a-z+]{1,12}):\/\//i.exec(value)?.[1];
  if (scheme) parts.push(`beginning with ${scheme}://`);
  if (/^["']|["']$/.test(value)) parts.push("in quotes");
  if (/\s/.test(value)) parts.push("with white space inside");
  return parts.join(", ");
}
