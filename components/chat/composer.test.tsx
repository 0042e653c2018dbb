import { act, createRef } from "react";
import { createRoot, hydrateRoot, type Root } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Composer } from "./composer.tsx";
import { isComposing, isSend } from "./keys.ts";
import { readDraft, writeDraft } from "./state/drafts.ts";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

let root: Root;
let host: HTMLElement;
const onSend = vi.fn();
const onStop = vi.fn();

beforeEach(() => {
  localStorage.clear();
  writeDraft("c", "");
  onSend.mockReset();
  onStop.mockReset();
  host = document.body.appendChild(document.createElement("div"));
  root = createRoot(host);
});
afterEach(async () => {
  vi.useRealTimers();
  await act(async () => root.unmount());
  host.remove();
});

type Props = Parameters<typeof Composer>[0];

function propsOf(change: Partial<Props>): Props {
  return {
    conversationId: "c",
    inputRef: createRef<HTMLTextAreaElement>(),
    busy: false,
    stopping: false,
    blocked: null,
    placeholder: "Write a message",
    given: null,
    modeLabel: "Balanced",
    onMode: () => undefined,
    onStop,
    onSend,
    ...change,
  };
}

async function draw(change: Partial<Props> = {}): Promise<HTMLTextAreaElement> {
  await act(async () => root.render(<Composer {...propsOf(change)} />));
  const field = host.querySelector("textarea");
  if (field === null) throw new Error("there is no field");
  return field;
}

async function type(field: HTMLTextAreaElement, text: string): Promise<void> {
  await act(async () => {
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value")?.set?.call(field, text);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

const press = (field: HTMLTextAreaElement, init: KeyboardEventInit) =>
  act(async () => void field.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...init })));

test("Enter sends, Shift+Enter does not, and an Enter of an input method does not either", async () => {
  const field = await draw();
  await type(field, "Hello");
  await press(field, { key: "Enter", shiftKey: true });
  await press(field, { key: "Enter", isComposing: true });
  expect(onSend).not.toHaveBeenCalled();
  await press(field, { key: "Enter" });
  expect(onSend).toHaveBeenCalledExactlyOnceWith("Hello");
  expect(field.value).toBe("");
});

test("Safari tells a composing Enter, or Escape, by key code 229 alone", () => {
  expect(isComposing(new KeyboardEvent("keydown", { key: "Escape", keyCode: 229 }))).toBe(true);
  expect(isComposing(new KeyboardEvent("keydown", { key: "Escape", keyCode: 27 }))).toBe(false);
  expect(isSend({ key: "Enter", shiftKey: false, nativeEvent: { isComposing: false, keyCode: 229 } })).toBe(false);
  expect(isSend({ key: "Enter", shiftKey: false, nativeEvent: { isComposing: false, keyCode: 13 } })).toBe(true);
});

test("the draft is kept at every keystroke, and sending leaves it in storage until the server has it", async () => {
  const field = await draw();
  await type(field, "Half a thou");
  expect(readDraft("c")).toBe("Half a thou");
  await press(field, { key: "Enter" });
  expect(readDraft("c")).toBe("Half a thou");
});

test("a draft is there again after a reload", async () => {
  writeDraft("c", "From before");
  expect((await draw()).value).toBe("From before");
});

test.each([
  ["And more", "From before\n\nAnd more"],
  ["From before", "From before"],
])(
  "what was typed before the page was alive, %o, goes after the draft that was kept, once",
  async (typed, expected) => {
    writeDraft("c", "From before");
    // What the server drew, with words in it by the time that React takes it over.
    await act(async () => root.unmount());
    host.innerHTML = renderToString(<Composer {...propsOf({})} />);
    const drawn = host.querySelector("textarea");
    if (drawn !== null) drawn.value = typed;
    await act(async () => {
      root = hydrateRoot(host, <Composer {...propsOf({})} />);
    });
    expect([host.querySelector("textarea")?.value, readDraft("c")]).toEqual([expected, expected]);
  },
);

test("words that come back later are put into the field; those of an earlier field are not", async () => {
  const inputRef = createRef<HTMLTextAreaElement>();
  writeDraft("c", "Mine");
  const field = await draw({ inputRef, given: { text: "Of an earlier field" } });
  expect(field.value).toBe("Mine");
  await draw({ inputRef, given: { text: "First\n\nMine" } });
  expect(field.value).toBe("First\n\nMine");
});

test("nothing is sent while a reply comes, while something is unsent, or where there is nothing but spaces", async () => {
  for (const change of [{ busy: true }, { blocked: "One message is not sent yet" }]) {
    const field = await draw(change);
    await type(field, "Hello");
    await press(field, { key: "Enter" });
    expect(field.value).toBe("Hello");
  }
  const field = await draw();
  await type(field, "   ");
  await press(field, { key: "Enter" });
  expect(onSend).not.toHaveBeenCalled();
});

test("a paste that is too long stays whole and says by how much, and is sent once it is short enough", async () => {
  const field = await draw();
  await type(field, "x".repeat(36_200));
  await press(field, { key: "Enter" });
  expect(onSend).not.toHaveBeenCalled();
  expect(field.value).toHaveLength(36_200);
  expect(host.textContent).toContain("4,200 characters too long");
  expect(field.maxLength).toBe(-1);
  await type(field, `${"x".repeat(32_000)}\n`);
  expect(host.textContent).toContain("0 characters left");
  await press(field, { key: "Enter" });
  expect(onSend).toHaveBeenCalledExactlyOnceWith("x".repeat(32_000));
});

const button = (name: string) => {
  const found = host.querySelector<HTMLButtonElement>(`[aria-label="${name}"]`);
  if (found === null) throw new Error(`there is no ${name}`);
  return found;
};
const clickOn = (name: string, detail = 1) =>
  act(
    async () => void button(name).dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail })),
  );

test("Stop is another button than Send, and a double click on Send does not press it", async () => {
  await type(await draw(), "Hello");
  const send = button("Send");
  await clickOn("Send");
  expect(onSend).toHaveBeenCalledExactlyOnceWith("Hello");
  await draw({ busy: true });
  expect(send.isConnected).toBe(false);
  await clickOn("Stop", 2);
  expect(onStop).not.toHaveBeenCalled();
  await clickOn("Stop");
  expect(onStop).toHaveBeenCalledOnce();
});

test("a click aimed at Stop, just as the reply ends, sends no draft; one a moment later does, and Enter always", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  await type(await draw({ busy: true }), "Half a thou");
  await draw();
  await clickOn("Send");
  expect(onSend).not.toHaveBeenCalled();
  vi.advanceTimersByTime(400);
  await clickOn("Send");
  expect(onSend).toHaveBeenCalledExactlyOnceWith("Half a thou");
  const field = await draw({ busy: true });
  await type(field, "And more");
  await draw();
  await press(field, { key: "Enter" });
  expect(onSend).toHaveBeenLastCalledWith("And more");
});
