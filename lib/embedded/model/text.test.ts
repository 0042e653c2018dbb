import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytewise } from "./protocol/testing.ts";
import { createTextStream } from "./text.ts";
import { spelledBytes } from "./vocabulary.ts";

function run(text: string, stops: readonly string[] = []) {
  const stream = createTextStream<number>(bytewise, stops);
  const pieces: string[] = [];
  const marks: number[] = [];
  for (const [index, token] of bytewise.tokenize(text, false).entries()) {
    const { piece, stopped } = stream.push(token, index);
    pieces.push(piece.text);
    marks.push(...piece.marks);
    if (stopped) return { pieces, marks, stopped };
  }
  const rest = stream.flush();
  return { pieces: [...pieces, rest.text], marks: [...marks, ...rest.marks], stopped: false };
}

describe("createTextStream", () => {
  test("any text comes out whole, no piece holds half a character, every mark once and in order", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const { pieces, marks } = run(text);
        expect(pieces.join("")).toBe(text);
        for (const piece of pieces) expect(piece.isWellFormed()).toBe(text.isWellFormed());
        expect(marks).toEqual([...new TextEncoder().encode(text).keys()]);
      }),
    );
  });

  test("nothing of a stop sequence is ever shown, whatever the borders", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "b", "–") }),
        fc.string({ unit: fc.constantFrom("a", "b", "–"), minLength: 1, maxLength: 4 }),
        (text, stop) => {
          const { pieces, stopped } = run(text, [stop, "never"]);
          const place = text.indexOf(stop);
          expect(stopped).toBe(place >= 0);
          expect(pieces.join("")).toBe(place >= 0 ? text.slice(0, place) : text);
        },
      ),
    );
  });

  test("what may become a stop sequence is held back until it does not", () => {
    expect(run("xEND", ["ENDE"]).pieces).toEqual(["x", "", "", "", "END"]);
    expect(run("xENDx", ["ENDE"]).pieces).toEqual(["x", "", "", "", "ENDx", ""]);
  });
});

test("spelledBytes", () => {
  expect(Buffer.from(spelledBytes("Ġhello", true)).toString()).toBe(" hello");
  expect(Buffer.from(spelledBytes("âĤ¬", true)).toString()).toBe("€");
  expect(Buffer.from(spelledBytes("▁hello", false)).toString()).toBe(" hello");
  expect([...spelledBytes("<0xE2>", false)]).toEqual([0xe2]);
});
