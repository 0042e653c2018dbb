/** Text of users and models inside a prompt of ours is data: on one line or in a fence, capped, unable to close it. */

/** At most `limit` characters; a long text keeps its head and its end, where people say what they want. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = Math.ceil(limit * 0.7);
  return `${text.slice(0, head).trimEnd()} … ${text.slice(text.length - (limit - head - 3)).trimStart()}`;
}

/** On one line: a line break is how few-shot prompts tell their parts apart, so data must not hold one. */
export const line = (text: string, limit: number): string => clip(text.replace(/\s+/g, " ").trim(), limit);

/** Between tags. An angle bracket that could open or close a tag of ours is turned into a look-alike. */
export const fence = (tag: string, text: string, limit: number): string =>
  `<${tag}>\n${clip(text.trim(), limit).replace(/<(?=\/?[a-z_]+>)/gi, "‹")}\n</${tag}>`;

export const clamp = (value: number, lo = 0, hi = 1): number =>
  Number.isFinite(value) ? Math.min(hi, Math.max(lo, value)) : lo;
