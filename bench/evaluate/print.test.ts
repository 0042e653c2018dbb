import { describe, expect, it } from "vitest";
import type { ChoiceCase, TalkCase } from "./cases.ts";
import { HELP, readOptions } from "./options.ts";
import { reliabilityPicture } from "./picture.ts";
import { choiceTable, differenceLine, rate, talkTable } from "./print.ts";
import { progress, timeLeft } from "./progress.ts";
import { choiceResult, reliabilityOf, talkResult } from "./results.ts";

const choice = (id: number, label: "ask" | "answer", score: number | null, asked: boolean): ChoiceCase => ({
  kind: 1,
  id: `${id}`,
  group: `${id}`,
  label,
  score,
  asked,
  calls: 2,
  tokens: 100,
  seconds: 1.5,
});
const cases = [
  choice(1, "ask", 0.9, true),
  choice(2, "ask", 0.4, false),
  choice(3, "answer", 0.5, true),
  choice(4, "answer", 0.1, false),
];

describe("results", () => {
  it("has every number of kind 1, with intervals around it", () => {
    const result = choiceResult("s", "table", cases);
    expect(result).toMatchObject({
      n: 4,
      auc: 0.75,
      balanced_accuracy: 0.5,
      ask_rate_clear: 0.5,
      ask_rate_unclear: 0.5,
    });
    expect(result.auc_lo).toBeLessThanOrEqual(0.75);
    expect(result.auc_hi).toBeGreaterThanOrEqual(0.75);
    expect(result.seconds).toBe(1.5);
  });

  it("has no AUC, calibration or picture for a policy without a score", () => {
    const silent = cases.map((one) => ({ ...one, score: null }));
    expect(choiceResult("s", "always_ask", silent)).toMatchObject({ auc: null, auc_lo: null, ece: null });
    expect(reliabilityOf(silent)).toBeNull();
  });

  it("sums talks up", () => {
    const talk = (id: string, solved: boolean): TalkCase => ({
      kind: 2,
      id,
      group: id,
      solved,
      firstAttempt: solved,
      turns: 4,
      shown: 200,
      questions: 2,
      emptyQuestions: 1,
      earlyAttempts: 0,
      calls: 30,
      tokens: 900,
      seconds: 60,
      messages: [],
    });
    const result = talkResult("s", "parley", [talk("a", true), talk("b", false)]);
    expect(result).toMatchObject({
      n: 2,
      solved: 0.5,
      first_attempt: 0.5,
      turns: 4,
      tokens: 200,
      calls: 30,
      seconds: 60,
    });
    expect(talkTable([result])).toContain("parley");
  });
});

describe("print", () => {
  it("prints rates as the field does", () => {
    expect([rate(0.5), rate(-0.25), rate(1), rate(null)]).toEqual([".50", "-.25", "1.00", "–"]);
    expect(choiceTable([choiceResult("s", "table", cases)])).toMatch(/^set .*\ns {2,}table .*\.75 \[/);
    expect(differenceLine("right", "a", "b", { mean: 0.1, low: -0.05, high: 0.2, n: 9 })).toBe(
      "right: a − b = .10 [-.05, .20] (paired, n = 9)",
    );
  });

  it("draws a picture that says what it shows", () => {
    const bins = reliabilityOf(cases) ?? [];
    const svg = reliabilityPicture('in3 & "more"', { name: "x", bins });
    expect(svg).toContain("in3 &amp; &quot;more&quot;");
    expect(svg.match(/<circle/g)?.length).toBe(bins.length);
  });
});

describe("progress", () => {
  it("says the time left from fresh items alone", () => {
    expect(timeLeft(0, 5, 1000)).toBe("time left unknown");
    expect(timeLeft(2, 4, 6000)).toBe("12 s left");
    expect(timeLeft(1, 10, 30_000)).toBe("5 min 0 s left");
    const written: string[] = [];
    let now = 0;
    const bar = progress("set", 3, { isTTY: true, write: (text: string) => written.push(text) }, () => now);
    bar.tick(false);
    now = 4000;
    bar.tick(true);
    bar.tick(true);
    bar.end();
    expect(written.join("")).toMatch(/1\/3 time left unknown.*2\/3 4 s left.*3\/3 done/s);
  });
});

describe("options", () => {
  it("reads lists and numbers, and has defaults", () => {
    expect(readOptions([])).toMatchObject({ policies: ["table"], seed: 1, part: "test", data: "../shared/data" });
    expect(
      readOptions(["--set", "in3, iglu", "--policy", "parley", "--n", "12", "--preset", "fast", "--kind", "2"]),
    ).toMatchObject({
      sets: ["in3", "iglu"],
      n: 12,
      preset: "fast",
      kind: 2,
    });
    expect(readOptions(["--help"])).toBeNull();
    expect(HELP).toContain("--policy");
  });

  it.each([
    [["--policy", "wise"], /Unknown policy "wise"/],
    [["--n", "none"], /--n/],
    [["--n", "-3"], /--n/],
    [["--policy", "parley", "--preset", "slow"], /--preset/],
    [["--policy", "parley", "--preset", "direct"], /--preset/],
    [["--preset", "fast"], /policy parley/],
    [["--part", "train"], /--part/],
    [["--sed", "1"], /--sed/],
  ])("refuses %j", (args, message) => expect(() => readOptions(args)).toThrow(message));
});
