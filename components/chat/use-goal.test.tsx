import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { useGoal } from "./use-goal.ts";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

let root: Root;
beforeEach(() => {
  localStorage.clear();
  root = createRoot(document.createElement("div"));
});
afterEach(() => act(async () => root.unmount()));

let goal: ReturnType<typeof useGoal>;
function Page({ reply, ask }: { reply: string | null; ask: boolean }) {
  goal = useGoal("c", reply, ask);
  return null;
}
const draw = (reply: string | null, ask: boolean) => act(async () => root.render(<Page reply={reply} ask={ask} />));

async function reload(): Promise<void> {
  await act(async () => root.unmount());
  root = createRoot(document.createElement("div"));
}

test("after its first answer the question stays for the second, though the server would not ask any more", async () => {
  await draw("a", true);
  await act(async () => goal.said());
  await draw("a", false);
  expect(goal.replyId).toBe("a");
  await act(async () => goal.close());
  expect(goal.replyId).toBeNull();
});

test("it goes when the conversation goes on", async () => {
  await draw("a", true);
  await draw(null, true);
  expect(goal.replyId).toBeNull();
  await draw("b", false);
  expect(goal.replyId).toBeNull();
});

test("a not now holds after a reload; closing it answered does not keep the server from asking much later", async () => {
  await draw("a", true);
  await act(async () => goal.said());
  await act(async () => goal.close());
  await reload();
  await draw("b", true);
  expect(goal.replyId).toBe("b");
  await act(async () => goal.close());
  await reload();
  await draw("b", true);
  expect(goal.replyId).toBeNull();
});
