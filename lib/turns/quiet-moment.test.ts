import { expect, test } from "vitest";
import { isQuietMoment } from "./quiet-moment.ts";

const at = (minute: number) => new Date(2026, 0, 1, 0, minute);
/** A branch of turns whose replies have these kinds; returns the messages and the leaf's id. */
function branch(...kinds: ("answer" | "ask" | null)[]) {
  const messages = kinds.flatMap((kind, index) => [
    { id: `u${index}`, parentId: index === 0 ? null : `a${index - 1}`, role: "user", kind: null, text: "…" },
    { id: `a${index}`, parentId: `u${index}`, role: "assistant", kind, text: "…" },
  ]);
  return {
    messages: messages.map((message, index) => ({ ...message, createdAt: at(index) })),
    leaf: `a${kinds.length - 1}`,
  };
}
const asks = (kinds: Parameters<typeof branch>, goals: number[] = []) => {
  const { messages, leaf } = branch(...kinds);
  const said = goals.map((minute) => ({ kind: "goal", createdAt: at(minute) }));
  return isQuietMoment(messages, leaf, said);
};

test("not after the first reply, but after the second", () => {
  expect(asks(["answer"])).toBe(false);
  expect(asks(["ask", "answer"])).toBe(true);
});

test("not while the assistant waits for an answer itself, nor after a reply that broke off", () => {
  expect(asks(["answer", "ask"])).toBe(false);
  expect(asks(["answer", "answer", null])).toBe(false);
});

test("once heard, not again before four more replies", () => {
  expect(asks(["answer", "answer"], [4])).toBe(false);
  expect(asks(["answer", "answer", "answer", "answer", "answer"], [4])).toBe(false);
  expect(asks(["answer", "answer", "answer", "answer", "answer", "answer"], [4])).toBe(true);
});
