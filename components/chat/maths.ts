/** Code, which is left alone; the ways models write maths; and maths whose end has not come. */
const pieces =
  /(?<code>(?<fence>`{3,}|~{3,})[\s\S]*?(?:\k<fence>|$)|`[^`\n]+`)|\\\((?<inline>[\s\S]+?)\\\)|\\\[(?<block>[\s\S]+?)\\\]|(?<whole>\$\$(?:(?!\n\s*\n)[\s\S])+?\$\$)|(?<open>\\\(|\\\[|\$\$)(?:(?!\n\s*\n)[\s\S]){0,400}$/gu;

const opening = /\$\$|\\[([]/u;

export const hasMaths = (text: string): boolean => opening.test(text);

/**
 * A reply's `\(…\)` and `\[…\]` as `$$…$$`, the one way that the renderer reads; a single $ is a dollar. While the reply is still
 * being written, a formula that is not closed yet waits for its end, so that it never flickers; what is longer than one is none.
 */
export function withMaths(text: string, streaming: boolean): string {
  if (!hasMaths(text)) return text;
  return text.replace(pieces, (piece, ...rest) => {
    const groups = rest.at(-1) as Record<string, string | undefined>;
    const [at, whole] = rest.slice(-3) as [number, string];
    if (groups.open !== undefined) return streaming ? "" : piece;
    // Signs that touch are read as one.
    const beside = /(?:\$|\\[)\]])$/u.test(whole.slice(0, at)) ? "\u2009" : "";
    if (groups.inline !== undefined) return beside + inLine(groups.inline);
    if (groups.block === undefined) return piece;
    // What stands before the lines of a list or of a quotation stands before those of the formula.
    const indent = /(?:^|\n)([ \t>]*)$/u.exec(whole.slice(0, at))?.[1];
    const alone = /^[ \t]*(?:\n|$)/u.test(whole.slice(at + piece.length));
    if (indent === undefined || !alone) return beside + inLine(groups.block);
    const quoted = indent.includes(">") ? groups.block.replaceAll(/\n[ \t>]*/gu, "\n") : groups.block;
    return ["$$", ...linesOf(quoted), "$$"].join(`\n${indent}`);
  });
}

const linesOf = (maths: string) =>
  maths
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
const inLine = (maths: string) => `$$${linesOf(maths).join(" ")}$$`;
