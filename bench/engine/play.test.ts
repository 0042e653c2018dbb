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
 * Measured are 2,000 instances of this seed and 2,000 of that of decision 0020, taken together; there each stands alone.
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

// Measured .0181 (s.e. at 500 .0016) and 12.4 rollouts (.4): false alarm under 1 in 100,000.
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

  // Measured .0153 (s.e. at 1,000 .0009) and 8.0 (.3): false alarm 1 in 700.
  test("at most 9.7 rollouts at a regret of at most .018", () => {
    expect(played.of("parley").rollouts).toBeLessThanOrEqual(9.7);
    expect(played.of("parley").regret).toBeLessThanOrEqual(0.018);
  });

  // Measured .69, s.e. over 616 clear turns .019: false alarm 1 in 60.
  test("at least 65 % of clear turns without a rollout", () => {
    expect(played.of("parley").clear_without_rollout).toBeGreaterThanOrEqual(0.65);
  });

  // Measured 13.6, s.e. .4: false alarm under 1 in 100,000.
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

  // Measured .28 of uniform's rollouts on the seed of decision 0020; at 500 the s.e. is .05, and .25 … .46 holds 95 % of the
  // resamples of this one: false alarm about 1 in 500.
  test("at most half of uniform's rollouts at equal regret", () => {
    const { rollouts, regret } = played.of("parley");
    const needed = rolloutsFor(played.rows, /^uniform_\d/, regret);
    expect(needed).not.toBeNull();
    expect(rollouts / (needed ?? 0)).toBeLessThanOrEqual(0.5);
  });

  // Pairing is most of it, but not all: .0107 less regret than paired uniform at as many rollouts, s.e. at 500 .003: false
  // alarm 1 in 100.
  test("less regret than paired uniform at as many rollouts", () => {
    const uniform = played.of("uniform_paired_6");
    expect(Math.abs(played.of("parley").rollouts - uniform.rollouts)).toBeLessThan(3);
    expect(played.of("parley").regret).toBeLessThan(uniform.regret - 0.003);
  });
});

// Measured .0013, the reference scheme .027, s.e. at 300 .0002 and .0044: false alarm under 1 in 100,000.
test("goals: it asks where one turn ahead says answer", async () => {
  const { of } = await play("goals", 300, ["parley", "always_answer", "reference"]);
  expect(of("parley").regret).toBeLessThan(0.005);
  expect(of("parley").regret).toBeLessThan(of("reference").regret - 0.005);
  expect(of("always_answer").regret).toBeGreaterThan(0.15);
});
