import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Announcer, phrasesAfter } from "./announcer.tsx";
import { foldReply } from "./state/fold.ts";
import type { ParleyMessage } from "./state/message.ts";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

let root: Root;
let host: HTMLElement;
beforeEach(() => {
  host = document.createElement("div");
  root = createRoot(host);
});
afterEach(() => act(async () => root.unmount()));

type Shown = {
  turn: string | null;
  reply?: [id: string, text: string, error?: string];
  live?: boolean;
  connection?: "ok" | "lost";
};

/** @returns what the region for the turn says, and the one for the connection */
async function hear({ turn, reply, live = false, connection = "ok" }: Shown): Promise<(string | null)[]> {
  const [id, text, error] = reply ?? ["", ""];
  const parts: ParleyMessage["parts"] = [{ type: "text", text }];
  if (error !== undefined) parts.push({ type: "data-error", data: { code: "model", message: error, retry: true } });
  const message = reply === undefined ? null : { id, role: "assistant" as const, parts };
  const view = turn === null ? null : foldReply(message, live);
  await act(async () => root.render(<Announcer turn={turn} view={view} live={live} connection={connection} />));
  return [...host.children].map((region) => region.textContent);
}
const heard = async (shown: Shown) => (await hear(shown))[0];

test("a screen reader hears whole phrases, never half a word", () => {
  const text = "About **93 °C**. Air pressure there is rou";
  expect(phrasesAfter(text, 0, false)).toEqual({ phrase: "About 93 °C.", upTo: 16 });
  expect(phrasesAfter(text, 16, false).phrase).toBe("");
  expect(phrasesAfter(`${text}ghly 80 kPa.\n`, 16, false).phrase).toBe("Air pressure there is roughly 80 kPa.");
});

test("the end of a reply is said even without a full stop, Markdown's signs are not", () => {
  expect(phrasesAfter("# Heading\n- one\n- two", 0, true).phrase).toBe("Heading - one - two");
  expect(phrasesAfter("3.5 kg", 0, false).phrase).toBe("");
});

test("a message that was not taken says nothing of the reply before it, told or never told, and the next turn is heard", async () => {
  await hear({ turn: "u", reply: ["a", "Dear all."] });
  for (const live of ["u2", "u2"]) {
    expect(await heard({ turn: live, live: true })).toBe("Reading your request");
    // The thread is back a moment before the chat knows of its failure.
    expect(await heard({ turn: "u", reply: ["a", "Dear all."], live: true })).toBe("Reading your request");
    expect(await heard({ turn: "u", reply: ["a", "Dear all."] })).toBe("");
  }
  await hear({ turn: "u2", live: true });
  expect(await heard({ turn: "u2", reply: ["a2", "Yes."] })).toBe("Parley: Yes.");
  await hear({ turn: "u3", live: true });
  expect(await heard({ turn: "u", reply: ["a0", "An older one."] })).toBe("");
});

test("a first message that was not taken leaves no word behind, and is heard when it is sent again", async () => {
  expect(await heard({ turn: "u", live: true })).toBe("Reading your request");
  expect(await heard({ turn: null })).toBe("");
  expect(await heard({ turn: "u", live: true })).toBe("Reading your request");
});

test("an answer anew that never began says nothing of the reply that is there again; another one is heard", async () => {
  await hear({ turn: "u", reply: ["a", "Dear all."] });
  await hear({ turn: "u", live: true });
  expect(await heard({ turn: "u", reply: ["a", "Dear all."] })).toBe("");
  await hear({ turn: "u", live: true });
  await hear({ turn: "u", reply: ["b", "Hello"], live: true });
  expect(await heard({ turn: "u", reply: ["b", "Hello all."] })).toBe("Parley: Hello all.");
});

test("a turn that begins elsewhere is heard, and not the reply that stands there a moment longer", async () => {
  await hear({ turn: "u", reply: ["a", "Dear all."] });
  expect(await heard({ turn: "u", reply: ["a", "Dear all."], live: true })).toBe("");
  expect(await heard({ turn: "u2", reply: ["a2", "Hello. And"], live: true })).toBe("Parley: Hello.");
});

test("a request without any reply is heard when it is answered at last", async () => {
  await hear({ turn: "u" });
  expect(await heard({ turn: "u", live: true })).toBe("Reading your request");
  expect(await heard({ turn: "u", reply: ["a", "Dear all."] })).toBe("Parley: Dear all.");
});

test("why a turn failed is told once it has ended, after what it had said", async () => {
  await hear({ turn: "u", live: true });
  const reply: Shown["reply"] = ["a", "Dear all", "The model is away."];
  expect(await heard({ turn: "u", reply, live: true })).toBe("Reading your request");
  expect(await heard({ turn: "u", reply, live: true })).toBe("Reading your request");
  expect(await heard({ turn: "u", reply })).toBe("Parley: Dear all This reply broke off. The model is away.");
});

test("a connection that is lost is told once, and so is its return, beside the reply's words", async () => {
  const reply: Shown["reply"] = ["a", "Dear all. And"];
  expect(await hear({ turn: "u", reply, live: true })).toEqual(["Parley: Dear all.", ""]);
  const lost = await hear({ turn: "u", reply, live: true, connection: "lost" });
  expect(lost[1]).toBe("Connection lost, reconnecting");
  expect((await hear({ turn: "u", reply, live: true }))[1]).toBe("Connected again");
});
