import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { decisionPartOf } from "@/lib/shared/decision-part.ts";
import type { DecisionPart } from "@/lib/shared/events.ts";
import type { RunState } from "@/lib/shared/kinds.ts";
import { sampleDecision } from "@/lib/shared/sample-decision.ts";
import { Reply } from "./reply.tsx";
import { foldReply } from "./state/fold.ts";
import type { ParleyMessage } from "./state/message.ts";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

let root: Root;
let host: HTMLElement;
beforeEach(() => {
  host = document.body.appendChild(document.createElement("div"));
  root = createRoot(host);
});
afterEach(async () => {
  await act(async () => root.unmount());
  host.remove();
});

/** The decision of a turn whose chosen reply was whole, or cut at the model's limit. */
function decided(finished: boolean): DecisionPart {
  const record = sampleDecision();
  return decisionPartOf({ ...record, candidates: record.candidates.map((each) => ({ ...each, finished })) });
}

async function draw(
  decision: DecisionPart | null,
  live = false,
  state: RunState = "done",
  change: Partial<Parameters<typeof Reply>[0]> = {},
): Promise<(testid: string) => string | undefined> {
  const parts: ParleyMessage["parts"] = [{ type: "text", text: "Which of the two" }];
  if (decision !== null) parts.push({ type: "data-decision", id: "decision", data: decision });
  const none = () => undefined;
  await act(async () =>
    root.render(
      <Reply
        view={foldReply({ id: "a", role: "assistant", parts, metadata: { state } }, live)}
        last
        messageId="a"
        siblings={["a"]}
        busy={live}
        unsent={false}
        connection="ok"
        hurrying={false}
        stopping={false}
        whyOpen={false}
        feedback={undefined}
        pendingFeedback={[]}
        onFeedback={none}
        onWhy={none}
        onAgain={none}
        onGoOn={none}
        onShow={none}
        onCopied={none}
        onAnswerNow={none}
        onStop={none}
        onQuickReply={none}
        onOther={none}
        {...change}
      />,
    ),
  );
  return (testid) => host.querySelector(`[data-testid="${testid}"]`)?.textContent ?? undefined;
}

test("a reply that the model's limit cut says so, quietly and once it has ended", async () => {
  expect((await draw(decided(false)))("limit")).toMatch(/^Cut at the model's limit\./);
  expect((await draw(decided(false), true))("limit")).toBeUndefined();
});

test("a whole reply, and one stored before this was told, say nothing of a limit", async () => {
  const whole = decided(true);
  expect((await draw(whole))("limit")).toBeUndefined();
  expect(whole.chosen).not.toHaveProperty("cut");
});

test.each(["stopped", "failed", "interrupted"] as const)(
  "a %s reply has no record, so nothing under it promises a why",
  async (state) => {
    const shown = await draw(null, false, state);
    expect(shown(state === "failed" ? "failed" : "cut")).toBeDefined();
    expect(shown("why")).toBeUndefined();
    expect((await draw(decided(true)))("why")).toBeDefined();
  },
);

test("a thumb turned or taken back takes its reasons along: nobody sees them under another one", async () => {
  const onFeedback = vi.fn();
  const feedback = { thumb: "down" as const, reasons: ["wrong"], text: null };
  const thumb = (name: string) => host.querySelector<HTMLButtonElement>(`[aria-label="${name}"]`);
  await draw(decided(true), false, "done", { feedback, onFeedback });
  const press = () =>
    act(async () => {
      thumb("Good reply")?.click();
      await vi.dynamicImportSettled();
    });
  await press();
  await press();
  expect(onFeedback.mock.calls).toEqual([
    ["a", { kind: "thumb", value: "up" }],
    ["a", { kind: "reason", value: [] }],
    ["a", { kind: "thumb", value: null }],
  ]);
});

test("a long quick reply is clipped to the eye alone: its chip names all of it, and all of it is sent", async () => {
  const text = `An invitation ${"with a link to the form ".repeat(8)}`.trim();
  const onQuickReply = vi.fn();
  const asked = { ...decided(true), quickReplies: [{ intentId: "i", text }] };
  await draw(asked, false, "done", { onQuickReply });
  const chip = host.querySelector<HTMLButtonElement>('[data-testid="quick-replies"] button');
  expect([chip?.textContent, chip?.title]).toEqual([text, text]);
  chip?.click();
  expect(onQuickReply).toHaveBeenCalledExactlyOnceWith(text);
});

test("a question offers its quick replies only where one can be sent", async () => {
  const asked = { ...decided(true), quickReplies: [{ intentId: "i", text: "a broken heater" }] };
  expect((await draw(asked))("quick-replies")).toContain("A broken heater");
  expect((await draw(asked, false, "done", { unsent: true }))("quick-replies")).toBeUndefined();
});
