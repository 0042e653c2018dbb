import type { Cost, History, Ports, Reply } from "../../lib/engine/ports.ts";
import type { Capabilities } from "../../lib/models/capabilities.ts";
import type { Models } from "../../lib/models/models.ts";

const cost: Cost = { calls: { generating: 1, scoring: 0 }, tokensIn: 50, tokensCached: 40, tokensOut: 5, ms: 1 };
const scoring: Cost = { calls: { generating: 0, scoring: 1 }, tokensIn: 50, tokensCached: 40, tokensOut: 0, ms: 1 };
const reply = (text: string): Reply => ({ text, tokens: 10, finished: true, cost });
export const last = (history: History) => history.at(-1)?.text ?? "";

/** Models in code, for tests: short requests are unclear, the table thinks the better of a question then, replies are given. */
export function models(answer: (history: History) => string, seen?: string[]): Models {
  const unclear = (history: History) => last(history).length < 20;
  const ports = (system: string): Ports => ({
    clock: { now: () => performance.now(), sleep: (ms, signal) => sleep(ms, signal) },
    answer: ({ history, maxTokens }) => {
      seen?.push(`${system}|${maxTokens ?? "free"}`);
      return reply(answer(history));
    },
    clarity: ({ history }) => ({ clear: unclear(history) ? 0.1 : 0.9, source: "scored", cost: scoring }),
    draft: ({ kind }) => reply(kind === "ask" ? "Which of them do you mean?" : `A ${kind} reply. Is that it?`),
    table: async ({ drafts }) => ({
      source: "scored",
      raw: true,
      intents: [
        { id: "a", text: "the first", weight: 0.5 },
        { id: "b", text: "the second", weight: 0.5 },
      ],
      rows: (await drafts).map(({ id, kind }) => ({
        candidate: id,
        cells: [0, 1].map(() => ({ usefulness: kind === "ask" ? 0.9 : 0.2, questions: 1 })),
      })),
      cost: scoring,
    }),
    selector: () => null,
    user: () => reply("the first"),
    assistant: () => ({ ...reply("Then it is this."), asks: false }),
    judge: () => ({ success: 0.5, interactivity: null, cost: scoring }),
  });
  const capabilities: Capabilities = {
    model: "m",
    contextLength: 4096,
    contextTold: true,
    slots: 4,
    logprobs: true,
    jsonSchema: true,
    completions: true,
    echo: true,
    reasoning: false,
    tokenMs: 10,
    notes: [],
  };
  return {
    capabilities: { assistant: capabilities, simulator: capabilities, judge: capabilities },
    ids: { assistant: "m", simulator: "m", judge: "m" },
    ports: (own = {}) => ports(own.system ?? ""),
    replyMs: () => 2000,
    check: () => {},
    endpoint: {} as Models["endpoint"],
  };
}
const sleep = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
