import { expect, test, vi } from "vitest";
import { createEndpoint } from "./endpoint.ts";
import type { Context } from "./served.ts";
import { jsonTable } from "./table-json.ts";

const { askJson } = vi.hoisted(() => ({ askJson: vi.fn() }));
vi.mock("./json.ts", () => ({ askJson }));

const context: Context = {
  endpoint: createEndpoint(),
  capabilities: {
    model: "m",
    contextLength: 8_000,
    contextTold: true,
    slots: null,
    logprobs: false,
    jsonSchema: true,
    completions: false,
    echo: false,
    reasoning: false,
    tokenMs: null,
    notes: [],
  },
  note: () => undefined,
};

test("two wordings of one likely wish are together no less likely", async () => {
  const wish = (text: string, probability: number) => ({ wish: text, label: "", probability, replies: [] });
  askJson.mockResolvedValue({
    wishes: [
      wish("a rent reduction", 0.7),
      wish("notice of a repair that is due", 0.2),
      wish("A rent reduction.", 0.6),
    ],
  });
  const { intents } = await jsonTable(context)({
    history: [{ role: "user", text: "Write to my landlord" }],
    drafts: Promise.resolve([]),
    seed: 1,
    signal: new AbortController().signal,
    priority: "foreground",
  });
  expect(intents.map(({ weight }) => weight)).toEqual([1, 0.2]);
});
