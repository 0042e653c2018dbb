import { act, useRef } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useFocusKept } from "./use-focus-kept.ts";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

let root: Root;
let host: HTMLElement;
beforeEach(() => {
  host = document.body.appendChild(document.createElement("div"));
  root = createRoot(host);
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await act(async () => root.unmount());
  host.remove();
});

const pointer = (fine: boolean) => vi.stubGlobal("matchMedia", () => ({ matches: fine }));

function Page({ chip, other }: { chip: boolean; other: boolean }) {
  const main = useRef<HTMLElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  useFocusKept(main, field);
  return (
    <>
      <a href="/">Elsewhere</a>
      <main ref={main}>
        {chip ? <button type="button">Chip</button> : null}
        {other ? <button type="button">Other</button> : null}
        <textarea ref={field} />
      </main>
    </>
  );
}

/** The chip takes the focus and goes away. @returns what has the focus then */
async function goneWithFocus(between: () => void = () => undefined): Promise<string | undefined> {
  await act(async () => root.render(<Page chip other />));
  host.querySelector("button")?.focus();
  between();
  await act(async () => root.render(<Page chip={false} other />));
  // happy-dom tells observers in a task of its own.
  await act(() => new Promise((done) => setTimeout(done)));
  return document.activeElement?.tagName;
}

test("a control that goes away with the focus leaves it to the field", async () => {
  pointer(true);
  expect(await goneWithFocus()).toBe("TEXTAREA");
});

test("not on a touch screen, where a keyboard would come up", async () => {
  pointer(false);
  expect(await goneWithFocus()).toBe("BODY");
});

test("not where the focus has moved on, nor where somebody has pressed elsewhere since", async () => {
  pointer(true);
  expect(await goneWithFocus(() => host.querySelector("a")?.focus())).toBe("A");
  const press = () => document.body.dispatchEvent(new Event("pointerdown", { bubbles: true }));
  expect(await goneWithFocus(press)).toBe("BODY");
});
