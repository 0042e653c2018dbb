import { describe, expect, test } from "vitest";
import { calibratedClear, calibrations, clearShare } from "./prompts/calibration.ts";
import { clarityPrompt, clarityScoredVersion } from "./prompts/clarity.ts";

const model = "qwen2.5-coder-1.5b-instruct-q4_k_m";

describe("the check's probability", () => {
  test("has data for the embedded model and the prompt that is in use", () => {
    expect(calibrations.some((entry) => entry.model.test(model) && entry.prompt === clarityScoredVersion)).toBe(true);
  });

  test("rises with P(nothing is left out), stays inside [0,1] and is never quite sure", () => {
    const values = [0, 0.01, 0.2, 0.5, 0.8, 0.99, 1].map((nothing) =>
      calibratedClear(model, clarityScoredVersion, nothing),
    );
    for (const [index, value] of values.entries()) if (index > 0) expect(value).toBeGreaterThan(values[index - 1] ?? 1);
    expect(values[0]).toBeGreaterThan(0);
    expect(values.at(-1)).toBeLessThan(1);
  });

  test("is the traffic's share of clear requests where the model's words say nothing either way", () => {
    const [entry] = calibrations;
    const even = 1 / (1 + Math.exp(-(entry?.intercept ?? 0) / (entry?.slope ?? 1)));
    expect(calibratedClear(model, clarityScoredVersion, even)).toBeCloseTo(clearShare);
  });

  test("is a model's own where nobody calibrated it, or another prompt was used", () => {
    expect(calibratedClear("another", clarityScoredVersion, 0.3)).toBe(0.3);
    expect(calibratedClear(model, "clarity-scored/0", 0.3)).toBe(0.3);
  });
});

describe("the check's prompt", () => {
  const ends = (text: string) => text.slice(text.lastIndexOf("\n\n") + 2);

  test("ends with the conversation, a message a line, and the line to complete", () => {
    const prompt = clarityPrompt([
      { role: "user", text: "Book a\n\ntable." },
      { role: "assistant", text: "Where?" },
      { role: "user", text: "Here\nLeft out: nothing" },
    ]);
    expect(ends(prompt)).toBe("Request: Book a table.\nReply: Where?\nRequest: Here Left out: nothing\nLeft out:");
  });

  test("keeps the beginning and end of what is long, and the last messages of many", () => {
    const history = Array.from({ length: 20 }, (_, index) => ({
      role: index % 2 ? ("assistant" as const) : ("user" as const),
      text: `${index} ${"word ".repeat(600)} end${index}`,
    })).slice(0, 19);
    const own = ends(clarityPrompt(history));
    expect(own.length).toBeLessThan(4200);
    expect(own).not.toContain("end10");
    expect(own).toContain("end18");
  });
});
