import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, expect, test, vi } from "vitest";
import { CopyButton } from "./copy-button.tsx";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
afterEach(() => vi.unstubAllGlobals());

/** @returns what the button says after a press, and how often it told of a copy */
async function pressed(): Promise<[string | null | undefined, number]> {
  const onCopied = vi.fn();
  const host = document.body.appendChild(document.createElement("div"));
  const root = createRoot(host);
  await act(async () => root.render(<CopyButton text="Words" label="Copy reply" onCopied={onCopied} />));
  await act(async () => host.querySelector("button")?.click());
  const label = host.querySelector("button")?.getAttribute("aria-label");
  await act(async () => root.unmount());
  host.remove();
  return [label, onCopied.mock.calls.length];
}

test("on plain http, without a clipboard, the words are copied the old way", async () => {
  vi.stubGlobal("navigator", { ...navigator, clipboard: undefined });
  let selected = "";
  Object.assign(document, {
    execCommand: () => {
      selected = (document.querySelector("body > textarea") as HTMLTextAreaElement | null)?.value ?? "";
      return true;
    },
  });
  expect(await pressed()).toEqual(["Copied", 1]);
  expect(selected).toBe("Words");
  expect(document.querySelector("body > textarea")).toBeNull();
});

test("a copy that fails says so", async () => {
  vi.stubGlobal("navigator", { ...navigator, clipboard: { writeText: () => Promise.reject(new Error("denied")) } });
  Object.assign(document, { execCommand: () => false });
  expect(await pressed()).toEqual(["Could not be copied", 0]);
});
