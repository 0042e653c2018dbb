import { describe, expect, test } from "vitest";
import { auditPolicy, balanced, deep, direct, fast, type Policy, presetPolicies, reference } from "./policy.ts";

/** Intents that a policy can reach at most: r0 in the first round, r in each further one, never over K_max. */
const reachable = ({ first, next, most, rounds }: Policy) => Math.min(most, first + (rounds - 1) * next);

describe("presets", () => {
  // The table of engine.md section 3: ε, κ a call, r0, r (none with one round), K_max, rounds, deadlines in L.
  test.each([
    ["fast", fast, [0.03, 3e-4, 3, null, 3, 1, 1.5, 2]],
    // On purpose .021 for .02: 65 % of clear turns without a rollout, see decision 0020.
    ["balanced", balanced, [0.021, 1.5e-4, 3, 3, 6, 2, 3, 4]],
    ["deep", deep, [0.01, 5e-5, 3, 3, 12, 4, 8, 10]],
  ] as const)("%s has its numbers and can reach K_max", (_name, policy, numbers) => {
    const { epsilon, kappa, first, next, most, rounds, soft, hard } = policy;
    expect([epsilon, kappa, first, rounds > 1 ? next : null, most, rounds, soft, hard]).toEqual(numbers);
    expect(reachable(policy)).toBe(most);
  });

  // The rest of section 3, the same in all three.
  test.each([fast, balanced, deep])("$name: defaults", (policy) => {
    expect(policy).toMatchObject({
      lambda: 5e-4,
      interactivity: 0.5,
      tableShare: 0.5,
      // On purpose .1 for .05: the same regret with fewer rollouts, see decision 0020.
      drop: 0.1,
      prior: { sd: 0.06, flatSd: 0.12 },
      noise: { strength: 12, inflation: 1.2 },
      exploration: { share: 0, floor: 0.02 },
      tie: { best: 0.55 },
      window: 2,
      outcome: "graded",
      paired: true,
    });
    expect(policy.gate).toMatchObject({ audit: 0.05, clear: 0.6 });
  });

  test("direct answers at once; the reference scheme is fixed, without gate, prior or pairs", () => {
    expect(direct).toMatchObject({ fixed: { kind: "answer" }, drafts: [], gate: { clear: null, audit: 0 } });
    expect(reference).toMatchObject({ allocation: "fixed", first: 3, rounds: 1, paired: false, outcome: "binary" });
    expect(reference).toMatchObject({ window: 2, windows: "all", interactivity: 1, centred: false, lambda: 5e-4 });
    expect(reference).toMatchObject({ gate: { clear: null, regret: false, evpi: false }, prior: { use: false } });
  });

  test("each stands under its own name; an audit plays one block of three with everybody", () => {
    for (const [name, policy] of Object.entries(presetPolicies)) expect(policy).toMatchObject({ name, preset: name });
    expect(auditPolicy(balanced)).toMatchObject({ allocation: "fixed", first: 3, rounds: 1, gate: { regret: false } });
  });
});
