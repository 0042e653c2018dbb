import { describe, expect, test } from "vitest";
import { dumpEntry } from "./dump.ts";
import { row as plainRow } from "./fixture.ts";
import { hindsight } from "./limits.ts";
import { marks, rolloutsFor } from "./marks.ts";
import { readOptions, usage } from "./options.ts";
import { contestants, stageName, stages } from "./policies.ts";
import { type SettingName, settingNames } from "./settings.ts";
import { bootstrap, summarise } from "./summary.ts";
import { playSlice } from "./worker.ts";

describe("options", () => {
  test("defaults, and each option read", () => {
    expect(readOptions([])).toMatchObject({
      seed: 20_251_121,
      instances: 2000,
      workers: 2,
      settings: null,
      json: null,
      svg: "bench/out/engine.svg",
    });
    const given = "--seed 3 --instances 20 --json a --dump b --svg c --settings goals,slots-mixed --policies parley";
    expect(readOptions([...given.split(" "), "--robust", "--limits", "--workers", "1"])).toMatchObject({
      seed: 3,
      instances: 20,
      json: "a",
      dump: "b",
      svg: "c",
      robust: true,
      limits: true,
      workers: 1,
      settings: ["goals", "slots-mixed"],
      policies: ["parley"],
    });
  });

  test.each([
    [["--seed=-1"], "--seed"],
    [["--seed", "x"], "--seed"],
    [["--instances", "1"], "--instances"],
    [["--instances", "2.5"], "--instances"],
    [["--workers", "0"], "--workers"],
  ])("%j is refused by name, with the usage", (args, name) => {
    expect(() => readOptions(args)).toThrow(name);
    expect(() => readOptions(args)).toThrow(usage);
  });

  test("an option that does not exist is refused", () => {
    expect(() => readOptions(["--sed", "1"])).toThrow("--sed");
  });
});

describe("bootstrap", () => {
  const values = Array.from({ length: 400 }, (_, index) => (index % 2 === 0 ? 0 : 0.1));

  test("covers the mean as widely as its standard error says", () => {
    const [[low, high] = [0, 0]] = bootstrap([values], 1);
    // S.e. .0025: an interval of ±1.96 of them; its own ends vary by about a tenth of that.
    expect(low).toBeGreaterThan(0.05 - 0.0065);
    expect(low).toBeLessThan(0.05 - 0.0035);
    expect(high).toBeGreaterThan(0.05 + 0.0035);
    expect(high).toBeLessThan(0.05 + 0.0065);
  });

  test("is the same again with the same seed, and pairs the series", () => {
    expect(bootstrap([values], 1)).toEqual(bootstrap([values], 1));
    const shifted = values.map((value) => value + 1);
    const [one, other] = bootstrap([values, shifted], 1);
    expect(other?.[0]).toBeCloseTo((one?.[0] ?? 0) + 1, 12);
    expect(other?.[1]).toBeCloseTo((one?.[1] ?? 0) + 1, 12);
  });

  test("nothing varies: no width", () => {
    expect(bootstrap([[0.5, 0.5, 0.5]], 1)).toEqual([[0.5, 0.5]]);
  });
});

const row = (policy: string, rollouts: number, regret: number, setting: SettingName = "slots-ambiguous-cold") =>
  plainRow(policy, rollouts, regret, { setting, clear_without_rollout: 0.7 });

describe("marks", () => {
  const uniform = [row("uniform_6", 30, 0.05), row("uniform_12", 60, 0.03), row("uniform_24", 120, 0.02)];

  test("rollouts at equal regret lie on the line between the points around it", () => {
    expect(rolloutsFor(uniform, /^uniform_\d/, 0.04)).toBeCloseTo(45, 9);
    expect(rolloutsFor(uniform, /^uniform_\d/, 0.03)).toBeCloseTo(60, 9);
    expect(rolloutsFor(uniform, /^uniform_\d/, 0.025)).toBeCloseTo(90, 9);
  });

  test("beyond the points nothing is said", () => {
    expect(rolloutsFor(uniform, /^uniform_\d/, 0.019)).toBeNull();
    expect(rolloutsFor(uniform, /^uniform_\d/, 0.06)).toBeNull();
  });

  test.each([
    [[20, 0.04], "(0.44 of it): met"],
    [[30, 0.04], "(0.67 of it): NOT met"],
    [[30, 0.019], "undecided"],
    [[3, 0.06], "undecided"],
  ] as const)("cold, parley at %j: %s", ([rollouts, regret], words) => {
    const lines = marks("slots-ambiguous-cold", [row("parley", rollouts, regret), ...uniform], []);
    expect(lines.join("\n")).toContain(words);
  });

  test.each([
    [8.5, 0.0151, 14, ["met", "NOT met", "met", "met"]],
    [7.9, 0.0149, 11, ["met", "met", "met", "met"]],
    [9.8, 0.0151, 17, ["NOT met", "NOT met", "met", "NOT met"]],
    [8.5, 0.0181, 14, ["NOT met", "NOT met", "met", "met"]],
  ] as const)("mixed, %d rollouts at %d with %d calls", (rollouts, regret, calls, verdicts) => {
    const lines = marks("slots-mixed", [row("parley", rollouts, regret, "slots-mixed")], [calls]);
    expect(lines.slice(1).map((line) => /(NOT )?met$/.exec(line)?.[0])).toEqual(verdicts);
  });

  test("ambiguous, and nothing where parley did not play", () => {
    expect(marks("slots-ambiguous", [row("parley", 26, 0.026)], []).join()).toMatch(/: met$/);
    expect(marks("slots-ambiguous", [row("parley", 26.1, 0.026)], []).join()).toMatch(/NOT met$/);
    expect(marks("slots-ambiguous", [row("oracle", 0, 0)], [])).toEqual([]);
  });
});

describe("stopping in hindsight", () => {
  const gains = [
    [
      { rollouts: 0, regret: 0.2 },
      { rollouts: 10, regret: 0 },
    ],
    [
      { rollouts: 0, regret: 0.1 },
      { rollouts: 10, regret: 0 },
    ],
    [
      { rollouts: 0, regret: 0 },
      { rollouts: 10, regret: 0.1 },
    ],
  ];

  test("buys where a rollout saves most, and no more than it may", () => {
    expect(hindsight(gains, 4)).toEqual({ rollouts: 10 / 3, regret: expect.closeTo(0.1 / 3, 9) });
    expect(hindsight(gains, 100).regret).toBeCloseTo(0, 9);
    expect(hindsight(gains, 0).regret).toBeCloseTo(0.1, 9);
  });
});

describe("what is written", () => {
  const slice = async (setting: SettingName, policies: readonly string[]) => {
    const results = await playSlice({ setting, model: null, seed: 5, first: 0, step: 1, instances: 3, policies });
    return { results, names: contestants(setting, policies).map(({ name }) => name) };
  };

  test("a row of --json has the issue's fields and no other", async () => {
    const { results, names } = await slice("slots-ambiguous-cold", ["parley", "uniform_3", "oracle"]);
    const { rows } = summarise("slots-ambiguous-cold", names, results, 5);
    expect(rows.map(({ policy }) => policy)).toEqual(["parley", "uniform_3", "oracle"]);
    for (const entry of rows)
      expect(Object.keys(JSON.parse(JSON.stringify(entry)))).toEqual(
        "setting policy rollouts calls regret regret_lo regret_hi clear_without_rollout ask_clear ask_ambiguous cpu_ms".split(
          " ",
        ),
      );
    expect(rows[1]).toMatchObject({ rollouts: 15, clear_without_rollout: null, ask_clear: null });
    expect(rows[2]).toMatchObject({ rollouts: 0, regret: 0 });
  });

  test("slots are dumped in the issue's fields, with utilities by candidate and parley's choice", async () => {
    const { results, names } = await slice("slots-ambiguous-cold", ["always_ask", "parley"]);
    const fields = "setting partial p eta hQ hx hH cD cA cH q utilities chosen".split(" ");
    for (const result of results) {
      const entry = dumpEntry("slots-ambiguous-cold", names, result);
      expect(Object.keys(entry)).toEqual(fields);
      const ids = ["answer", "assume", "ask1", "ask2", "hybrid"];
      expect(Object.keys(entry.q as object)).toEqual(ids);
      expect(Object.keys(entry.utilities as object)).toEqual(ids);
      expect(entry.chosen).toBe(result.played[names.indexOf("parley")]?.chosen);
      for (const slot of entry.p as number[][]) expect(slot.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
    }
  });

  test("goals are dumped with their depth; without parley no choice is claimed", async () => {
    const { results, names } = await slice("goals", ["always_ask"]);
    for (const result of results) {
      const entry = dumpEntry("goals", names, result);
      expect(Object.keys(entry)).toEqual(["setting", "p", "attributes", "c", "h", "depth", "utilities", "chosen"]);
      expect(entry).toMatchObject({ depth: 8, chosen: null });
    }
  });

  test("every policy of the issue takes part under its name; stages only where they are asked for", () => {
    for (const setting of settingNames) {
      const names = contestants(setting).map(({ name }) => name);
      const owed = "parley always_answer always_ask uniform_1 uniform_3 uniform_6 uniform_12 uniform_paired_3".split(
        " ",
      );
      expect(names).toEqual(expect.arrayContaining([...owed, "reference", "halving", "ttts", "evpi", "oracle"]));
      expect(names.includes("always_assume")).toBe(setting !== "goals");
      expect(names.filter((name) => name.startsWith("stage"))).toEqual([]);
    }
    expect(contestants("goals", stages.map(stageName))).toHaveLength(stages.length);
  });
});
