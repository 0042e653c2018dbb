import { beforeAll, describe, expect, test, vi } from "vitest";
import { rolloutsFor } from "./marks.ts";
import { contestants } from "./policies.ts";
import { learn, type SettingName } from "./settings.ts";
import { type Row, summarise } from "./summary.ts";
import { playSlice } from "./worker.ts";

// Many turns a test: slow on a busy machine, and no statement about time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/**
 * The marks of engine.md section 6 on a few hundred instances of a seed that nothing was tuned on. The seed is fixed, so a
 * test holds or it does not; "false alarm" is how often an engine that is as good as measured would miss it on another seed.
 */
const seed = 606_707;

async function play(setting: SettingName, instances: number, policies: readonly string[]) {
  const model = await learn(setting);
  const results = await playSlice({ setting, model, seed, first: 0, step: 1, instances, policies });
  const names = contestants(setting, policies).map(({ name }) => name);
  const { rows, generating } = summarise(setting, names, results, seed);
  const of = (policy: string): Row => {
    const row = rows.find((entry) => entry.policy === policy);
    if (!row) throw new Error(`${policy} did not play`);
    return row;
  };
  return { of, rows, generating: generating[names.indexOf("parley")] ?? Number.NaN };
}

// Measured on 2,000 instances: .0195 (s.e. at 500 .0017), 12.7 rollouts (.5): false alarm 1 in 10,000.
test("ambiguous: at most 26 rollouts at a regret of at most .026", async () => {
  const { of } = await play("slots-ambiguous", 500, ["parley"]);
  expect(of("parley").rollouts).toBeLessThanOrEqual(26);
  expect(of("parley").regret).toBeLessThanOrEqual(0.026);
});

describe("mixed, 60 % clear", () => {
  let played: Awaited<ReturnType<typeof play>>;
  beforeAll(async () => {
    played = await play("slots-mixed", 1000, ["parley"]);
  });

  // Measured .0151 (s.e. at 1,000 .0009) and 8.5 (.4): false alarm 1 in 500.
  test("at most 9.7 rollouts at a regret of at most .018", () => {
    expect(played.of("parley").rollouts).toBeLessThanOrEqual(9.7);
    expect(played.of("parley").regret).toBeLessThanOrEqual(0.018);
  });

  // Measured .69, s.e. over 600 clear turns .019: false alarm 1 in 50.
  test("at least 65 % of clear turns without a rollout", () => {
    expect(played.of("parley").clear_without_rollout).toBeGreaterThanOrEqual(0.65);
  });

  // Measured 14.2, s.e. .5: false alarm 1 in 5,000.
  test("at most 16 generating calls a turn", () => {
    expect(played.generating).toBeLessThanOrEqual(16);
  });
});

describe("no prior, ambiguous", () => {
  let played: Awaited<ReturnType<typeof play>>;
  beforeAll(async () => {
    const policies = ["parley", "uniform_6", "uniform_12", "uniform_24", "uniform_48", "uniform_paired_6"];
    played = await play("slots-ambiguous-cold", 500, policies);
  });

  // Measured .31 of uniform's rollouts; s.e. at 500 about .06: false alarm 1 in 1,000.
  test("at most half of uniform's rollouts at equal regret", () => {
    const { rollouts, regret } = played.of("parley");
    const needed = rolloutsFor(played.rows, /^uniform_\d/, regret);
    expect(needed).not.toBeNull();
    expect(rollouts / (needed ?? 0)).toBeLessThanOrEqual(0.5);
  });

  // Pairing is most of it, but not all: .012 less regret than paired uniform at as many rollouts (s.e. .003).
  test("less regret than paired uniform at as many rollouts", () => {
    const uniform = played.of("uniform_paired_6");
    expect(Math.abs(played.of("parley").rollouts - uniform.rollouts)).toBeLessThan(3);
    expect(played.of("parley").regret).toBeLessThan(uniform.regret - 0.003);
  });
});

// Measured .0011, the reference scheme .02, s.e. at 300 .0003 and .003: false alarm under 1 in 1,000.
test("goals: it asks where one turn ahead says answer", async () => {
  const { of } = await play("goals", 300, ["parley", "always_answer", "reference"]);
  expect(of("parley").regret).toBeLessThan(0.005);
  expect(of("parley").regret).toBeLessThan(of("reference").regret - 0.005);
  expect(of("always_answer").regret).toBeGreaterThan(0.15);
});
