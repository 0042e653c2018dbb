import { beforeEach, expect, test, vi } from "vitest";
import type { SchedulerOptions } from "./scheduler.ts";

const fake = vi.hoisted(() => ({ order: [] as string[], cuts: true, scheduled: [] as SchedulerOptions[] }));
vi.mock("./state-folder.ts", () => ({ removeOrphans: () => fake.order.push("removeOrphans") }));
vi.mock("./gguf.ts", () => ({ readShape: async () => ({}) }));
vi.mock("./memory.ts", () => ({
  describePlan: () => "",
  planMemory(_: unknown, free: number) {
    fake.order.push(`planMemory ${free}`);
    return { slots: 1, contextTokens: 512, cacheBytes: 64 };
  },
}));
vi.mock("./llama.ts", () => ({
  loadModel: async () => ({ vocabulary: {}, openBackend: async () => ({ contextTokens: 512 }), close() {} }),
}));
vi.mock("./llama-backend.ts", () => ({ canBeCut: async () => fake.cuts }));
vi.mock("./scheduler.ts", () => ({
  createScheduler(options: SchedulerOptions) {
    fake.scheduled.push(options);
    return { close: async () => undefined };
  },
}));

beforeEach(() => {
  fake.order.length = 0;
});

async function start() {
  const { startModelServer } = await import("./start.ts");
  vi.spyOn(process, "availableMemory").mockImplementation(() => fake.order.push("availableMemory"));
  const said: string[] = [];
  const server = await startModelServer({ modelPath: "x", port: 0, log: (line) => said.push(line) });
  await server.close();
  return { said, url: server.url, cacheBytes: fake.scheduled.at(-1)?.cacheBytes };
}

test("what killed servers hold is freed before memory is counted", async () => {
  await start();
  expect(fake.order).toEqual(["removeOrphans", "availableMemory", "planMemory 2"]);
});

test("a model whose states cannot be cut is served without the prefix cache, and said to be", async () => {
  fake.cuts = true;
  expect(await start()).toMatchObject({ cacheBytes: 64, said: [""] });
  fake.cuts = false;
  expect(await start()).toMatchObject({ cacheBytes: 0, said: ["", expect.stringContaining("cannot be cut")] });
});

test("only this machine is listened to, unless another address is asked for", async () => {
  expect((await start()).url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
});
