import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ConversationView, MessageView } from "@/lib/shared/chat.ts";
import { decisionPartOf } from "@/lib/shared/decision-part.ts";
import { sampleDecision } from "@/lib/shared/sample-decision.ts";
import { Parley } from "./parley.tsx";
import type { Place } from "./route.ts";
import { createStore, useStore } from "./state/store.ts";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

const place = createStore<Place>({ conversationId: null, why: null });
const moves: string[] = [];
vi.mock("./route.ts", () => ({
  usePlace: () => useStore(place),
  go: (next: Place, how = "push") => {
    moves.push(how);
    place.set(next);
  },
}));

const said = (id: string, role: MessageView["role"], parentId: string | null, parts: MessageView["parts"] = []) => ({
  id,
  role,
  parentId,
  createdAt: "2026-01-01T00:00:00.000Z",
  text: "Words",
  kind: null,
  state: role === "user" ? null : ("done" as const),
  runId: role === "user" ? null : "r",
  parts,
  feedback: { thumb: null, reasons: [], text: null },
});
const decision = sampleDecision();
const data = decisionPartOf(decision);
const view: ConversationView = {
  id: "c",
  title: "Letter",
  createdAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-01T00:00:00.000Z",
  pinned: false,
  leafId: "a",
  messages: [said("u", "user", null), said("a", "assistant", "u", [{ type: "data-decision", id: "decision", data }])],
  liveRun: null,
  askGoal: false,
};

/** What the page has asked for, and the server as it is for now, by the end of the path. */
const asked: string[] = [];
let answers: Record<string, (init: RequestInit) => Response>;
let root: Root;
let host: HTMLElement;

beforeEach(async () => {
  localStorage.clear();
  moves.length = 0;
  asked.length = 0;
  answers = {
    "GET /api/conversations": () => Response.json({ conversations: [] }),
    "GET /api/conversations/c": () => Response.json(view),
    "GET /api/settings": () => Response.json({ preset: "balanced", asking: "balanced", systemPrompt: "" }),
    "GET /api/messages/a/decision": () =>
      Response.json({
        messageId: "a",
        conversationId: "c",
        userMessageId: "u",
        runId: "r",
        createdAt: view.createdAt,
        shownId: decision.chosenId,
        decision,
      }),
  };
  vi.stubGlobal("fetch", async (path: string, init: RequestInit = {}) => {
    const what = `${init.method ?? "GET"} ${path}`;
    asked.push(what);
    return answers[what]?.(init) ?? new Response(null, { status: 204 });
  });
  media(true);
  host = document.body.appendChild(document.createElement("div"));
  root = createRoot(host);
});
afterEach(async () => {
  vi.useRealTimers();
  await act(async () => root.unmount());
  host.remove();
  vi.unstubAllGlobals();
});

/** A desk, with a wide page and a mouse, or a phone. */
function media(desk: boolean): void {
  const list = { matches: desk, addEventListener: () => undefined, removeEventListener: () => undefined };
  vi.stubGlobal("matchMedia", () => list);
}

/** A turn that runs and says nothing yet. */
function running(): Response {
  const run = { runId: "r2", conversationId: "c", userMessageId: "u", preset: "balanced", startedAt: view.createdAt };
  const chunks = [
    { type: "start", messageId: "a2" },
    { type: "data-run", id: "run", data: run },
  ];
  const bytes = new TextEncoder().encode(chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join(""));
  return new Response(new ReadableStream({ start: (controller) => controller.enqueue(bytes) }));
}

const settle = () =>
  act(async () => {
    await vi.dynamicImportSettled();
    await new Promise((done) => setTimeout(done, 20));
  });

async function open(at: Place): Promise<void> {
  place.set(at);
  await act(async () => root.render(<Parley />));
  await settle();
}

function named(name: string): HTMLElement {
  const all = [...document.querySelectorAll<HTMLElement>("button, textarea, input")];
  const found = all.find((each) => (each.getAttribute("aria-label") ?? each.textContent) === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

async function type(field: HTMLTextAreaElement, text: string): Promise<void> {
  await act(async () => {
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value")?.set?.call(field, text);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

async function click(name: string): Promise<void> {
  await act(async () => named(name).click());
  await settle();
}

const pressEscape = (from: HTMLElement, init: KeyboardEventInit = {}) =>
  act(async () => {
    from.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true, ...init }));
  });

const swaps = () => document.body.textContent?.includes("Use this one instead");

test("Escape in the search stops no reply, nor does an input method's; in the composer it does", async () => {
  answers["GET /api/conversations/c"] = () =>
    Response.json({ ...view, leafId: "u", liveRun: { runId: "r2", userMessageId: "u", messageId: "a2" } });
  answers["GET /api/runs/r2/events"] = running;
  await open({ conversationId: "c", why: null });
  expect(host.querySelector('[data-testid="reading"]')).not.toBeNull();
  await pressEscape(named("Search conversations"));
  await pressEscape(named("Message"), { keyCode: 229 });
  expect(asked).not.toContain("POST /api/runs/r2/stop");
  await pressEscape(named("Message"));
  expect(asked).toContain("POST /api/runs/r2/stop");
});

test("while a turn runs the sheet offers no other reply to take, from its first moment on", async () => {
  answers["POST /api/chat"] = running;
  await open({ conversationId: "c", why: "a" });
  expect(swaps()).toBe(true);
  await type(named("Message") as HTMLTextAreaElement, "And another");
  await click("Send");
  expect(swaps()).toBe(false);
});

test("why another reply could not be taken is said in the sheet, which may cover the rest", async () => {
  answers[`POST /api/messages/a/use`] = () =>
    Response.json({ error: { code: "run_live", message: "Still at work." } }, { status: 409 });
  await open({ conversationId: "c", why: "a" });
  await click("Use this one instead");
  const alerts = [...document.querySelectorAll('[role="alert"]')].filter((each) => each.textContent !== "");
  expect(alerts.map((each) => each.textContent)).toEqual(["Still at work."]);
  expect(alerts[0]?.closest('[data-testid="why-sheet"]')).not.toBeNull();
});

test("a sheet that is closed leaves nothing for Back to open again", async () => {
  await open({ conversationId: "c", why: null });
  await act(async () => host.querySelector<HTMLElement>('[data-testid="why"]')?.click());
  await settle();
  await click("Close");
  await act(async () => host.querySelector<HTMLElement>('[data-testid="why"]')?.click());
  await act(async () => host.querySelector<HTMLElement>('[data-testid="why"]')?.click());
  expect(moves).toEqual(["push", "replace", "push", "replace"]);
});

test.each([
  ["a desk", true],
  ["a phone", false],
])("on %s, does a new conversation take the focus: %s", async (_, desk) => {
  media(desk);
  await open({ conversationId: null, why: null });
  named("Message").blur();
  await click("New conversation");
  expect(document.activeElement === named("Message")).toBe(desk);
});

test("settings that could not be fetched are fetched again when they are opened", async () => {
  const fetched = answers["GET /api/settings"] ?? running;
  answers["GET /api/settings"] = () => Response.json({}, { status: 503 });
  await open({ conversationId: null, why: null });
  answers["GET /api/settings"] = fetched;
  await click("Settings");
  expect(document.body.textContent).toContain("How far it looks ahead");
});

/** Opens the settings. @returns the field for what to keep in mind, and what the server was asked to keep */
async function openPrompt(): Promise<[HTMLTextAreaElement, string[]]> {
  await open({ conversationId: null, why: null });
  return openAgain();
}

async function openAgain(): Promise<[HTMLTextAreaElement, string[]]> {
  const saved: string[] = [];
  answers["PATCH /api/settings"] = (init) => {
    saved.push(JSON.parse(String(init.body)).systemPrompt);
    return new Response(null, { status: 204 });
  };
  await click("Settings");
  const field = document.querySelector<HTMLTextAreaElement>('[role="dialog"] textarea');
  if (field === null) throw new Error("there is no field for what to keep in mind");
  return [field, saved];
}

const leave = async (field: HTMLElement) => {
  await act(async () => field.dispatchEvent(new FocusEvent("focusout", { bubbles: true })));
  await settle();
};

test("what it should keep in mind is saved when Escape closes the settings, once", async () => {
  const [field, saved] = await openPrompt();
  await type(field, "Keep code short.");
  await pressEscape(field);
  await settle();
  expect(field.isConnected).toBe(false);
  expect(saved).toEqual(["Keep code short."]);
});

test("what another tab had it keep in mind is shown here, and not overwritten by who only looks", async () => {
  const [field, saved] = await openPrompt();
  answers["GET /api/settings"] = () =>
    Response.json({ preset: "balanced", asking: "balanced", systemPrompt: "British English" });
  await act(async () => void document.dispatchEvent(new Event("visibilitychange")));
  await settle();
  expect(field.value).toBe("British English");
  await leave(field);
  await pressEscape(field);
  await settle();
  expect(saved).toEqual([]);
});

test("more than it can keep in mind stays whole in the field, says so, and is not saved; nor is what was refused lost", async () => {
  const [field, saved] = await openPrompt();
  await type(field, "x".repeat(4_003));
  await leave(field);
  expect([field.value.length, field.maxLength, saved]).toEqual([4_003, -1, []]);
  expect(document.body.textContent).toContain("3 characters too long");
  answers["PATCH /api/settings"] = () => Response.json({}, { status: 503 });
  await type(field, "Keep code short.");
  await leave(field);
  expect(field.value).toBe("Keep code short.");
  // Closed and opened again it still stands there, and goes out when it can.
  await pressEscape(field);
  await settle();
  const [again, taken] = await openAgain();
  expect(again.value).toBe("Keep code short.");
  await leave(again);
  expect(taken).toEqual(["Keep code short."]);
});

test("settings that could not be fetched are fetched again on demand", async () => {
  answers["GET /api/settings"] = () => Response.json({}, { status: 503 });
  await open({ conversationId: null, why: null });
  await click("Settings");
  expect(document.querySelector('[role="dialog"] textarea')).toBeNull();
  answers["GET /api/settings"] = () =>
    Response.json({ preset: "balanced", asking: "balanced", systemPrompt: "Short." });
  await click("Try again");
  expect(document.querySelector<HTMLTextAreaElement>('[role="dialog"] textarea')?.value).toBe("Short.");
});

/** A page with a letter and a poem in its list. */
async function openList(): Promise<void> {
  const letter = { id: "letter", title: "Letter", updatedAt: view.updatedAt, pinned: false };
  const conversations = [letter, { ...letter, id: "poem", title: "Poem" }];
  answers["GET /api/conversations"] = () => Response.json({ conversations });
  answers["PATCH /api/conversations/letter"] = (init) => {
    Object.assign(letter, JSON.parse(String(init.body)));
    return new Response(null, { status: 204 });
  };
  await open({ conversationId: null, why: null });
}

async function useOnLetter(action: string): Promise<void> {
  named("More about Letter").focus();
  await click("More about Letter");
  const items = [...document.querySelectorAll<HTMLElement>('[role="menuitem"]')];
  await act(async () => items.find((item) => item.textContent === action)?.click());
  await settle();
}

test("a row that was pinned keeps the focus, wherever it stands now", async () => {
  await openList();
  await useOnLetter("Pin");
  expect(host.querySelector('nav [aria-label="Pinned"]')?.contains(document.activeElement)).toBe(true);
  expect(document.activeElement?.textContent).toBe("Letter");
});

test.each([
  ["Enter", "Letters"],
  ["Escape", "Letter"],
])("a row that was renamed has the focus after %s, but an input method's key ends nothing", async (key, title) => {
  await openList();
  await useOnLetter("Rename");
  const field = named("Title of the conversation") as HTMLInputElement;
  field.value = "Letters";
  const down = (init: KeyboardEventInit) =>
    act(async () => {
      field.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...init }));
    });
  await down({ keyCode: 229 });
  expect(field.isConnected).toBe(true);
  await down({});
  expect(document.activeElement?.textContent).toBe(title);
  expect(document.activeElement?.getAttribute("href")).toBe("/c/letter");
});

test("what was deleted is told in a region that was there, and its way back has the focus", async () => {
  await openList();
  const region = host.querySelector('main > [role="status"]');
  expect(region?.textContent).toBe("");
  await useOnLetter("Delete");
  expect(region?.textContent).toContain("Deleted “Letter”");
  expect(document.activeElement).toBe(named("Undo"));
});

test("a deletion waits for who is at its way back, by key or by pointer", async () => {
  await openList();
  await useOnLetter("Delete");
  vi.useFakeTimers();
  const toast = named("Undo").parentElement;
  const pointer = (what: string) =>
    act(async () => void toast?.dispatchEvent(new MouseEvent(what, { bubbles: true, relatedTarget: document.body })));
  const wait = () => act(() => vi.advanceTimersByTimeAsync(20_000));
  await act(async () => named("Undo").blur());
  await pointer("pointerover");
  await wait();
  await act(async () => named("Undo").focus());
  await pointer("pointerout");
  await wait();
  expect(asked).not.toContain("DELETE /api/conversations/letter");
  await act(async () => named("Undo").blur());
  await wait();
  expect(asked).toContain("DELETE /api/conversations/letter");
});

/** The conversation with several replies to its one request, the last of them shown. */
const versions = (...ids: string[]) => ({
  ...view,
  leafId: ids.at(-1) ?? null,
  messages: [
    ...view.messages.slice(0, 1),
    ...ids.map((id) => said(id, "assistant", "u", [{ type: "data-decision", id: "decision", data }])),
  ],
});

test("who steps through the versions keeps the focus on the same button, at the end on the other one", async () => {
  answers["GET /api/conversations/c"] = () => Response.json(versions("a", "b", "c"));
  await open({ conversationId: "c", why: null });
  const [back, on] = ["Previous version of this reply", "Next version of this reply"];
  const steps: (string | null | undefined)[] = [];
  for (const [step, place] of [
    [back, "2/3"],
    [back, "1/3"],
    [on, "2/3"],
    [on, "3/3"],
  ] as const) {
    named(step).focus();
    await click(step);
    // The thread is drawn a moment later.
    while (host.querySelector('[data-testid="branch"]')?.textContent !== place) await settle();
    steps.push(document.activeElement?.getAttribute("aria-label"));
  }
  expect(steps).toEqual([back, on, on, back]);
});

test("a sheet whose button is gone, with the reply that another one took the place of, leaves the focus to the field", async () => {
  await open({ conversationId: "c", why: null });
  const why = host.querySelector<HTMLElement>('[data-testid="why"]');
  why?.focus();
  await act(async () => why?.click());
  await settle();
  answers["GET /api/conversations/c"] = () => Response.json(versions("a", "b"));
  await click("Use this one instead");
  expect([why?.isConnected, swaps()]).toEqual([false, false]);
  expect(document.activeElement).toBe(named("Message"));
});
