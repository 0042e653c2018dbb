import { expect, test } from "vitest";
import { phrasesAfter } from "./announcer.tsx";

test("a screen reader hears whole phrases, never half a word", () => {
  const text = "About **93 °C**. Air pressure there is rou";
  expect(phrasesAfter(text, 0, false)).toEqual({ phrase: "About 93 °C.", upTo: 16 });
  expect(phrasesAfter(text, 16, false).phrase).toBe("");
  expect(phrasesAfter(`${text}ghly 80 kPa.\n`, 16, false).phrase).toBe("Air pressure there is roughly 80 kPa.");
});

test("the end of a reply is said even without a full stop, Markdown's signs are not", () => {
  expect(phrasesAfter("# Heading\n- one\n- two", 0, true).phrase).toBe("Heading - one - two");
  expect(phrasesAfter("3.5 kg", 0, false).phrase).toBe("");
});
