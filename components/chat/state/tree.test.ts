import { expect, test } from "vitest";
import type { MessageView } from "../../../lib/shared/chat.ts";
import { newestLeaf, pathTo, siblingsOf } from "./tree.ts";

let order = 0;
/** Each one a second younger than the one before. */
function nextMoment(): string {
  order += 1;
  return new Date(order * 1_000).toISOString();
}

const message = (id: string, parentId: string | null, role: "user" | "assistant"): MessageView => ({
  id,
  role,
  parentId,
  createdAt: nextMoment(),
  text: id,
  kind: null,
  state: null,
  runId: null,
  parts: [],
  feedback: { thumb: null, reasons: [], text: null },
});

const messages = [
  message("u1", null, "user"),
  message("a1", "u1", "assistant"),
  message("a2", "u1", "assistant"),
  message("u2", "a1", "user"),
  message("a3", "u2", "assistant"),
  message("u2b", "a1", "user"),
];

test("the path to a leaf is its branch and no other", () => {
  expect(pathTo(messages, "a3").map((each) => each.id)).toEqual(["u1", "a1", "u2", "a3"]);
  expect(pathTo(messages, "a2").map((each) => each.id)).toEqual(["u1", "a2"]);
  expect(pathTo(messages, "nobody")).toEqual([]);
  expect(pathTo(messages, null)).toEqual([]);
});

test("a circle ends", () => {
  const circle = [message("x", "y", "user"), message("y", "x", "assistant")];
  expect(pathTo(circle, "x")).toHaveLength(2);
});

test("branches are siblings of one role, oldest first; one the server does not know yet comes last", () => {
  expect(siblingsOf(messages, "a2", "u1", "assistant")).toEqual(["a1", "a2"]);
  expect(siblingsOf(messages, "new", "u1", "assistant")).toEqual(["a1", "a2", "new"]);
  expect(siblingsOf(messages, "u2b", "a1", "user")).toEqual(["u2", "u2b"]);
});

test("a branch is shown from its newest end", () => {
  expect(newestLeaf(messages, "a1")).toBe("u2b");
  expect(newestLeaf(messages, "u2")).toBe("a3");
  expect(newestLeaf(messages, "a2")).toBe("a2");
});
