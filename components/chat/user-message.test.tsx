import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { writeEdit } from "./state/drafts.ts";
import { UserMessage } from "./user-message.tsx";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

let root: Root;
let host: HTMLElement;
const onLetGo = vi.fn();
const onEdit = vi.fn<(text: string) => boolean>();

beforeEach(() => {
  localStorage.clear();
  onLetGo.mockReset();
  onEdit.mockReset().mockReturnValue(true);
  host = document.body.appendChild(document.createElement("div"));
  root = createRoot(host);
});
afterEach(async () => {
  await act(async () => root.unmount());
  host.remove();
});

async function draw(change: Partial<Parameters<typeof UserMessage>[0]> = {}): Promise<void> {
  const props = { id: "u", text: "A letter", siblings: ["u"], busy: false, blocked: null, reopened: false, ...change };
  await act(async () =>
    root.render(<UserMessage {...props} onEdit={onEdit} onLetGo={onLetGo} onShow={() => undefined} />),
  );
}

const field = () => host.querySelector("textarea");

async function edit(text: string): Promise<void> {
  await act(async () => host.querySelector<HTMLElement>('[aria-label="Edit message"]')?.click());
  await act(async () => {
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value")?.set?.call(field(), text);
    field()?.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

const enter = () =>
  act(async () => {
    field()?.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, cancelable: true, key: "Enter" }));
  });

test("an Escape that gives up a word of an input method keeps the edit open", async () => {
  await draw();
  await edit("A poem");
  for (const key of [{ isComposing: true }, { keyCode: 229 }]) {
    const event = new KeyboardEvent("keydown", { bubbles: true, cancelable: true, key: "Escape", ...key });
    await act(async () => void field()?.dispatchEvent(event));
  }
  expect(field()?.value).toBe("A poem");
});

test("an edit that goes out closes its field", async () => {
  await draw();
  await edit("A poem");
  await enter();
  expect(onEdit).toHaveBeenCalledExactlyOnceWith("A poem");
  expect(field()).toBeNull();
});

test.each([{ busy: true }, { blocked: "One message is not sent yet" }])(
  "an edit that cannot go out now (%o) stays in its field, which says why",
  async (change) => {
    await draw();
    await edit("A poem");
    await draw(change);
    await enter();
    expect(onEdit).not.toHaveBeenCalled();
    expect(field()?.value).toBe("A poem");
    expect(host.querySelector('[role="status"]')?.textContent).toMatch(/^(Wait for the reply|One message)/);
    await draw();
    await enter();
    expect(onEdit).toHaveBeenCalledExactlyOnceWith("A poem");
  },
);

test("an edit that is refused stays in its field", async () => {
  onEdit.mockReturnValue(false);
  await draw();
  await edit("A poem");
  await enter();
  expect(field()?.value).toBe("A poem");
});

test("an edit that was not sent is open again with its words, until it goes out or is given up", async () => {
  writeEdit("u", "A poem");
  await draw({ reopened: true });
  expect(field()?.value).toBe("A poem");
  await enter();
  expect(onEdit).toHaveBeenCalledExactlyOnceWith("A poem");
  await act(async () => {
    field()?.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, cancelable: true, key: "Escape" }));
  });
  expect(onLetGo).toHaveBeenCalledTimes(2);
});

test("an edit that has become too long stays whole, says by how much, and does not go out", async () => {
  await draw();
  await edit("a".repeat(32_003));
  expect(host.textContent).toContain("3 characters too long");
  expect(field()?.value).toHaveLength(32_003);
  await enter();
  expect(onEdit).not.toHaveBeenCalled();
});

test("an open edit outlives a reload with its words, and does not take the focus; given up or sent, it is gone", async () => {
  const reload = async () => {
    await act(async () => root.unmount());
    root = createRoot(host);
    await draw();
  };
  await draw();
  await edit("A poem");
  await reload();
  expect(field()?.value).toBe("A poem");
  expect(document.activeElement).not.toBe(field());
  await act(async () => {
    field()?.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, cancelable: true, key: "Escape" }));
  });
  await reload();
  expect(field()).toBeNull();
  await edit("A song");
  await enter();
  await reload();
  expect(field()).toBeNull();
});

test("an edit that is over here leaves the words of another tab that edits the same message", async () => {
  await draw();
  await edit("A poem");
  localStorage.setItem("parley.edit.u", "A song, in another tab");
  await draw();
  await enter();
  expect(localStorage.getItem("parley.edit.u")).toBe("A song, in another tab");
});
