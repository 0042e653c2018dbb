import { expect, test } from "vitest";
import type { DataParts, Stage } from "../../../lib/shared/events.ts";
import { foldReply, stageWords } from "./fold.ts";
import type { ParleyMessage } from "./message.ts";

type Part = ParleyMessage["parts"][number];
const part = <Name extends keyof DataParts>(name: Name, data: DataParts[Name], id?: string): Part =>
  ({ type: `data-${name}`, id: id ?? name, data }) as Part;
const stage = (name: Stage["stage"], done = 0, total = 0): Part => part("stage", { stage: name, done, total, at: 0 });
const message = (...parts: Part[]): ParleyMessage => ({ id: "m", role: "assistant", parts });
const text = (words: string): Part => ({ type: "text", text: words });

test("a turn goes from one quiet line to the strip to its words; a clear one never sees the strip", () => {
  expect(foldReply(null, true).phase).toBe("reading");
  expect(foldReply(message(stage("reading")), true).phase).toBe("reading");
  expect(foldReply(message(stage("drafting", 1, 4)), true).phase).toBe("looking");
  expect(foldReply(message(stage("trying", 7, 12)), true).phase).toBe("looking");
  expect(foldReply(message(stage("answering")), true).phase).toBe("writing");
  expect(foldReply(message(stage("reading"), text("Paris")), true).phase).toBe("writing");
  expect(foldReply(message(text("Paris")), false).phase).toBe("done");
});

test("the last word of each part counts, of each candidate and each cell apart", () => {
  const cell = { block: 0, candidateId: "ask", intentId: "i", index: 0 };
  const view = foldReply(
    message(
      part("candidate", { id: "ask", kind: "ask", state: "drafting" }),
      part("candidate", { id: "ask", kind: "ask", state: "drafted" }),
      part("candidate", { id: "assume", kind: "assume", state: "drafting" }),
      part("cell", { ...cell, state: "running" }),
      part("cell", { ...cell, state: "done" }),
      part("cell", { ...cell, index: 1, state: "waiting" }),
    ),
    true,
  );
  expect(view.candidates.map((each) => each.state)).toEqual(["drafted", "drafting"]);
  expect(view.cells.map((each) => each.state)).toEqual(["done", "waiting"]);
});

test("an error ends the turn, and its code says how", () => {
  const failed = part("error", { code: "model_unreachable", message: "Away.", retry: true });
  expect(foldReply(message(failed), true).phase).toBe("done");
  expect(foldReply(message(failed), false).state).toBe("failed");
  const stopped = part("error", { code: "stopped", message: "Stopped.", retry: true });
  expect(foldReply(message(text("Par"), stopped), false).state).toBe("stopped");
});

test("every number of the strip is the journal's", () => {
  expect(stageWords(null)).toBe("Reading your request");
  expect(stageWords({ stage: "drafting", done: 2, total: 4, at: 0 })).toBe("Drafting replies, 2 of 4");
  expect(stageWords({ stage: "trying", done: 7, total: 12, at: 0 })).toBe("Trying follow-ups, 7 of 12");
  expect(stageWords({ stage: "weighing", done: 0, total: 0, at: 0 })).toBe("Weighing what you might mean");
});
