import { expect, test, vi } from "vitest";

const order = vi.hoisted((): string[] => []);
vi.mock("./state-folder.ts", () => ({ removeOrphans: () => order.push("removeOrphans") }));
vi.mock("./gguf.ts", () => ({ readShape: async () => ({}) }));
vi.mock("./memory.ts", () => ({
  planMemory() {
    order.push("planMemory");
    throw new Error("far enough");
  },
}));

test("what killed servers hold is freed before memory is counted", async () => {
  const { startModelServer } = await import("./start.ts");
  vi.spyOn(process, "availableMemory").mockImplementation(() => order.push("availableMemory"));
  await expect(startModelServer({ modelPath: "x", port: 0 })).rejects.toThrow("far enough");
  expect(order).toEqual(["removeOrphans", "availableMemory", "planMemory"]);
});
