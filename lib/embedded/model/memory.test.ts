import { describe, expect, test } from "vitest";
import { DoesNotFit, defaultContext, defaultSlots, describePlan, type ModelShape, planMemory } from "./memory.ts";

const qwen: ModelShape = { fileBytes: 1.117e9, stateBytesPerToken: 28_672, trainedTokens: 32_768, vocabulary: 151_936 };

describe("planMemory", () => {
  test("with room, the defaults", () => {
    const plan = planMemory(qwen, 20e9, {});
    expect(plan).toMatchObject({ slots: defaultSlots, contextTokens: defaultContext });
    expect(plan.lanesBytes).toBe(16 * 4_096 * 28_672);
    expect(plan.totalBytes).toBeLessThan(20e9);
  });

  test("with less, fewer slots first, then a shorter context, always within what is free", () => {
    let before = Number.POSITIVE_INFINITY;
    for (const free of [8e9, 5e9, 4e9, 3.6e9, 3.2e9]) {
      const plan = planMemory(qwen, free, {});
      expect(plan.totalBytes).toBeLessThanOrEqual(free);
      expect(plan.slots * plan.contextTokens).toBeLessThanOrEqual(before);
      before = plan.slots * plan.contextTokens;
    }
    expect(planMemory(qwen, 4e9, {}).slots).toBeGreaterThanOrEqual(4);
  });

  test("a wish is kept or refused, never bent", () => {
    expect(planMemory(qwen, 20e9, { slots: 3, context: 2_000 })).toMatchObject({ slots: 3, contextTokens: 2_000 });
    expect(planMemory(qwen, 20e9, { cacheBytes: 64e6 }).cacheBytes).toBe(64e6);
    expect(planMemory(qwen, 20e9, { cacheBytes: 0 }).totalBytes).toBeLessThan(planMemory(qwen, 20e9, {}).totalBytes);
    expect(() => planMemory(qwen, 4e9, { slots: 64 })).toThrow(DoesNotFit);
    expect(() => planMemory(qwen, 1e9, {})).toThrow(/OPENAI_BASE_URL/);
    for (const context of [128, 32_769])
      expect(() => planMemory(qwen, 20e9, { context })).toThrow(
        `The context must be 512 to 32768 tokens for this model, not ${context}`,
      );
    expect(planMemory(qwen, 20e9, { context: 512 }).contextTokens).toBe(512);
  });

  test("no longer context than the model was trained on", () => {
    expect(planMemory({ ...qwen, trainedTokens: 2_048 }, 20e9, {}).contextTokens).toBe(2_048);
  });

  test("says what goes where", () => {
    expect(describePlan(planMemory(qwen, 20e9, {}), 20e9)).toMatch(
      /20\.0 GB free = weights 2\.2 GB \+ 16 slots × 4096/,
    );
  });
});
