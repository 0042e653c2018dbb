import fc from "fast-check";
import { expect, test } from "vitest";
import { type Chunk, ending, opening, textId } from "./chunk.ts";
import { fold, partsOf, replay } from "./fold.ts";

const run = {
  runId: "r",
  conversationId: "c",
  userMessageId: "u",
  preset: "balanced",
  startedAt: "2026-01-01",
} as const;
const [start, dataRun] = opening("m", run, "u");
const stage = (done: number): Chunk => ({
  type: "data-stage",
  id: "stage",
  data: { stage: "trying", done, total: 9, at: done },
});
const cell = (index: number, state: "waiting" | "done"): Chunk => ({
  type: "data-cell",
  id: `0:ask:${index}`,
  data: { block: 0, candidateId: "ask", intentId: "a", index, state },
});
const delta = (text: string): Chunk => ({ type: "text-delta", id: textId, delta: text });

/** Journals as they come: progress and text in any order, ended or not. */
const journals = fc
  .record({
    middle: fc.array(
      fc.oneof(
        fc.nat(9).map(stage),
        fc.tuple(fc.nat(3), fc.constantFrom("waiting" as const, "done" as const)).map(([i, state]) => cell(i, state)),
      ),
    ),
    texts: fc.array(fc.string({ minLength: 1 })),
    ended: fc.boolean(),
  })
  .map(({ middle, texts, ended }): Chunk[] => [
    start,
    dataRun,
    ...middle,
    ...(texts.length > 0 ? [{ type: "text-start", id: textId } as const, ...texts.map(delta)] : []),
    ...(ended ? ending("done", null, texts.length > 0) : []),
  ]);

test("a replay folds to what it replays: a late reader sees what an early one sees", () => {
  fc.assert(
    fc.property(journals, (journal) => {
      expect(fold(replay(fold(journal)))).toEqual(fold(journal));
    }),
  );
});

test("a late reader who then follows sees what an early one sees, wherever the journal is cut", () => {
  fc.assert(
    fc.property(journals, fc.nat(), (journal, cut) => {
      const at = 1 + (cut % journal.length);
      const joined = [...replay(fold(journal.slice(0, at))), ...journal.slice(at)];
      expect(fold(joined)).toEqual(fold(journal));
      // The AI SDK refuses text without its beginning and a second beginning.
      expect(joined.filter((chunk) => chunk.type === "text-start").length).toBeLessThanOrEqual(1);
      expect(joined.filter((chunk) => chunk.type === "start")).toHaveLength(1);
    }),
  );
});

test("text never shrinks while a journal grows", () => {
  fc.assert(
    fc.property(journals, (journal) => {
      let before = "";
      for (let length = 1; length <= journal.length; length += 1) {
        const { text } = fold(journal.slice(0, length));
        expect(text.startsWith(before)).toBe(true);
        before = text;
      }
    }),
  );
});

test("a part's last word holds, in the place of its first", () => {
  const folded = fold([start, dataRun, cell(0, "waiting"), stage(1), cell(0, "done"), stage(2)]);
  expect([...folded.data.values()]).toEqual([dataRun, cell(0, "done"), stage(2)]);
});

test("progress is part of a live message and no part of one that has ended", () => {
  const journal = [start, dataRun, stage(1), cell(0, "done"), { type: "text-start", id: textId } as const, delta("Hi")];
  expect(partsOf(fold(journal)).map((part) => part.type)).toEqual(["data-run", "data-stage", "data-cell", "text"]);
  const ended = [...journal, ...ending("done", null, true)];
  expect(partsOf(fold(ended))).toEqual([
    { type: "data-run", id: "run", data: run },
    { type: "text", text: "Hi", state: "done" },
  ]);
});

test("an ending says what went wrong and in which state the run is left", () => {
  const error = { code: "interrupted", message: "Go on from here.", retry: true };
  const folded = fold([start, dataRun, ...ending("interrupted", error, false)]);
  expect(folded.metadata).toMatchObject({ runId: "r", state: "interrupted", parentId: "u" });
  expect(partsOf(folded).at(-1)).toEqual({ type: "data-error", id: "error", data: error });
});
