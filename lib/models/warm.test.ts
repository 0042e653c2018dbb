import { expect, test } from "vitest";
import type { Call, Ports } from "../engine/ports.ts";
import { warm } from "./warm.ts";

const cost = { calls: { generating: 0, scoring: 1 }, tokensIn: 1, tokensCached: 0, tokensOut: 1, ms: 1 };
const reply = { text: "Hello", tokens: 1, finished: false, cost };

function recorder(failing: string | null) {
  const asked: [string, Call["priority"], number | undefined][] = [];
  const note =
    (name: string) =>
    (input: Call): typeof reply => {
      asked.push([name, input.priority, input.maxTokens]);
      if (name === failing) throw new Error("refused");
      return reply;
    };
  const ports: Pick<Ports, "clarity" | "draft"> = {
    clarity: (input) => {
      note("clarity")(input);
      return null;
    },
    draft: (input) => note(input.kind)(input),
  };
  return { asked, ports };
}

test("reads the check's prompt first, then the assistant's and the question's, a token each and in nobody's way", async () => {
  const { asked, ports } = recorder(null);
  await warm(ports, new AbortController().signal);
  expect(asked).toEqual([
    ["clarity", "background", 1],
    ["assume", "background", 1],
    ["ask", "background", 1],
  ]);
});

test("a refusal ends neither the warming nor the process", async () => {
  const { asked, ports } = recorder("clarity");
  await warm(ports, new AbortController().signal);
  expect(asked.map(([name]) => name)).toEqual(["clarity", "assume", "ask"]);
});

test("reads nothing once it is called off", async () => {
  const { asked, ports } = recorder(null);
  await warm(ports, AbortSignal.abort());
  expect(asked).toEqual([]);
});
