import { expect, test, vi } from "vitest";
import { auditTurn } from "./audit.ts";
import type { Deliberation, TurnDependencies } from "./deliberator.ts";
import { newRun } from "./open.ts";
import { usageRow } from "./test-double.ts";

const { createMany } = vi.hoisted(() => ({ createMany: vi.fn(async (_rows: { data: object[] }) => ({ count: 1 })) }));
vi.mock("../store/client.ts", () => ({
  database: () => ({ message: { findMany: async () => [] }, usage: { createMany } }),
}));

test("an audit that gave way keeps what its calls used", async () => {
  const info = vi.fn();
  const deps: TurnDependencies = {
    check: () => undefined,
    log: { info, error: info },
    // biome-ignore lint/correctness/useYield: it ends before there is anything to say.
    deliberate: async function* ({ onCall }: Deliberation) {
      onCall(usageRow);
      throw new Error("stopped");
    },
  };
  const ids = { conversationId: "c", viewerId: "v", userMessageId: "u" };
  const run = newRun({ ...ids, origin: "send", preset: "balanced", asking: "balanced" });
  await auditTurn(deps, run, "");
  expect(info).toHaveBeenCalledWith(expect.anything(), "audit given up");
  expect(createMany.mock.calls[0]?.[0].data).toMatchObject([{ ...usageRow, runId: run.id }]);
});
