import rehypeKatex from "rehype-katex";
import remarkMath from "remark-math";
import type { MathPlugin } from "streamdown";

/**
 * Maths as MathML, which browsers draw themselves: no stylesheet, no fonts, no inline style that our policy would refuse, and screen
 * readers read it. What cannot be parsed stands as it was written; nothing in it may link or load.
 */
export const math: MathPlugin = {
  name: "katex",
  type: "math",
  remarkPlugin: [remarkMath, { singleDollarTextMath: false }],
  rehypePlugin: [
    rehypeKatex,
    { output: "mathml", strict: "ignore", trust: false, maxSize: 20, errorColor: "currentColor" },
  ],
};
