import { expect, test } from "vitest";
import type { Kind } from "../shared/kinds.ts";
import { branchTo, historyOf, questionBudgetOf } from "./history.ts";

const message = (id: string, parentId: string | null, role: "user" | "assistant", kind: Kind | null = null) => ({
  id,
  parentId,
  role,
  text: `text of ${id}`,
  kind,
});
const tree = [
  message("u1", null, "user"),
  message("a1", "u1", "assistant", "ask"),
  message("a1b", "u1", "assistant", "answer"),
  message("u2", "a1", "user"),
  message("u2b", "a1b", "user"),
];

test("a branch is the way from the root to its leaf", () => {
  expect(branchTo(tree, "u2").map((one) => one.id)).toEqual(["u1", "a1", "u2"]);
  expect(branchTo(tree, "u2b").map((one) => one.id)).toEqual(["u1", "a1b", "u2b"]);
  expect(branchTo(tree, "unknown")).toEqual([]);
});

test("a ring of parents, which should not be, ends", () => {
  const ring = [message("a", "b", "user"), message("b", "a", "assistant")];
  expect(branchTo(ring, "a").length).toBeLessThanOrEqual(3);
});

test("replies that never came to a word are left out, and neighbours of one role are joined", () => {
  const blank = { ...message("a1", "u1", "assistant"), text: " " };
  const history = historyOf([message("u1", null, "user"), blank, message("u2", "a1", "user")]);
  expect(history).toEqual([{ role: "user", text: "text of u1\n\ntext of u2" }]);
});

test("the question budget shrinks with each question among the last six replies", () => {
  const replies = (...kinds: (Kind | null)[]) =>
    kinds.map((kind, index) => message(`a${index}`, null, "assistant", kind));
  expect(questionBudgetOf([])).toBe(3);
  expect(questionBudgetOf(replies("ask", "answer", "hybrid"))).toBe(1);
  expect(questionBudgetOf(replies("ask", "ask", "ask", "ask"))).toBe(0);
  expect(questionBudgetOf(replies("ask", ...Array.from({ length: 6 }, () => "answer" as const)))).toBe(3);
  expect(questionBudgetOf(replies("ask", null, null, null, null, null, null))).toBe(2);
});
