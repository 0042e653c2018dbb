import { describe, expect, test } from "vitest";
import { balanced, type Policy, presetPolicies } from "./policy.ts";
import { type Candidate, PortFailure, type Ports, type Table, type TableCell } from "./ports.ts";
import { decisionOf, play } from "./testing/play.ts";
import { liveTurn, one } from "./testing/ports.ts";
import { TurnFailed } from "./turn.ts";

describe("failures", () => {
  test("nothing came to be: a typed error with the cost, before any text", async () => {
    const fail = () => Promise.reject(new PortFailure("no model", one(1, 0)));
    const { record, text } = await play(liveTurn(), { overrides: { answer: fail, draft: fail, table: fail } });
    expect(record).toBeInstanceOf(TurnFailed);
    expect(record).toMatchObject({ shown: false, cost: { generating: 5 } });
    expect(text).toBe("");
  });

  test("a model so slow that no draft comes in the usual time: the first that comes is taken", async () => {
    const turn = liveTurn();
    const slow = await play(turn, { delays: { answer: 9_000_000, draft: 9 * turn.speeds.reply } });
    const decision = decisionOf(slow.record);
    expect(decision.candidates.find(({ chosen }) => chosen)?.text).toBe(slow.text);
    expect(decision.notes).toContain("the model is slow: the first draft is taken");
    const { record, end } = await play(turn, {
      delays: { answer: Number.POSITIVE_INFINITY, draft: Number.POSITIVE_INFINITY },
    });
    expect(record).toBeInstanceOf(TurnFailed);
    expect(end).toBeLessThan(20 * turn.speeds.reply);
  });

  test.each([
    ["looks further", balanced, false],
    ["is direct", presetPolicies.direct, false],
    ["was to answer now", balanced, true],
  ] as const)("a model that is silent timed out, where the turn %s", async (_name, policy, hurried) => {
    const silent = { answer: Number.POSITIVE_INFINITY, draft: Number.POSITIVE_INFINITY };
    const answerNow = hurried ? AbortSignal.abort() : new AbortController().signal;
    const { record, text } = await play(liveTurn({ policy, answerNow }), { delays: silent });
    expect(record).toMatchObject({ name: "TurnFailed", shown: false, cause: { code: "model_timeout" } });
    expect(text).toBe("");
  });

  test("a model that falls silent in the middle of a reply timed out; one that says why did not", async () => {
    const falling = (how: (signal: AbortSignal) => Promise<never>): Partial<Ports> => ({
      answer: ({ onText, signal }) => {
        onText("Dear landlord, ");
        return how(signal);
      },
    });
    const direct = liveTurn({ policy: presetPolicies.direct });
    const silent = await play(direct, { overrides: falling(() => new Promise(() => {})) });
    expect(silent.record).toMatchObject({ name: "TurnFailed", shown: true, cause: { code: "model_timeout" } });
    const refused = Object.assign(new Error("enough"), { code: "rate_limited" });
    const told = await play(direct, { overrides: falling(() => Promise.reject(refused)) });
    expect(told.record).toMatchObject({ name: "TurnFailed", shown: true, cause: refused });
  });

  test("the only draft in time asks what was asked before: the next one is waited for, and if none comes it is asked again", async () => {
    const history = ["Write a letter", "What is the letter about?", "No idea"].map((text, at) => ({
      role: at === 1 ? ("assistant" as const) : ("user" as const),
      text,
    }));
    const turn = liveTurn({ history });
    const late = (ms: number) => (ports: Ports) => ({
      ...ports,
      draft: async (call: Parameters<Ports["draft"]>[0]) => {
        if (call.kind !== "ask") await ports.clock.sleep(ms, call.signal);
        return ports.draft(call);
      },
    });
    const delays = { answer: Number.POSITIVE_INFINITY };
    const waited = await play(turn, { delays, watch: late(9 * turn.speeds.reply) });
    expect(decisionOf(waited.record).candidates.find(({ chosen }) => chosen)?.kind).not.toBe("ask");
    const alone = await play(turn, { delays, watch: late(Number.POSITIVE_INFINITY) });
    expect(decisionOf(alone.record).candidates.find(({ chosen }) => chosen)?.kind).toBe("ask");
    expect(alone.text).toContain("What is the letter about?");
  });

  test("the answer fails while the person waits for it now: a draft is released instead", async () => {
    const hurry = new AbortController();
    const { record, text } = await play(
      liveTurn({ answerNow: hurry.signal }),
      { overrides: { answer: () => Promise.reject(new Error("no")) } },
      (time) => time.at(50, () => hurry.abort()),
    );
    const decision = decisionOf(record);
    expect(decision.stopReason).toBe("answer_now");
    expect(text).toBe(decision.candidates.find((candidate) => candidate.chosen)?.text);
  });

  test("one candidate left: it is released without a rollout", async () => {
    const fail = () => Promise.reject(new Error("no"));
    const { record, seen } = await play(liveTurn(), { overrides: { draft: fail } });
    expect(decisionOf(record)).toMatchObject({ chosenId: "answer", stopReason: "single" });
    expect(seen.calls.judge).toBeUndefined();
  });

  test("no table: no readings, no rollouts, the tie order decides and the record says so", async () => {
    const { record } = await play(liveTurn(), { overrides: { table: () => Promise.reject(new Error("bad JSON")) } });
    const decision = decisionOf(record);
    expect(decision).toMatchObject({ path: "prior", intents: [], blocks: 0 });
    expect(decision.notes).toContain("no readings: the table failed");
  });

  test("all rollouts failed: the prior's leader, and why", async () => {
    const { record } = await play(liveTurn({}, { epsilon: 0.001, kappa: 0 }), {
      overrides: { judge: () => Promise.reject(new Error("judge down")) },
    });
    const decision = decisionOf(record);
    expect(decision).toMatchObject({ stopReason: "model_failed", path: "prior" });
    expect(decision.notes.join()).toMatch(/\d+ rollouts failed/);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "a score of %s fails its cell alone",
    async (bad) => {
      let calls = 0;
      const { record } = await play(liveTurn({}, { epsilon: 0.0001, kappa: 0, allocation: "block", rounds: 1 }), {
        overrides: {
          judge: () => {
            calls += 1;
            return { success: calls === 1 ? bad : 0.5, interactivity: null, cost: one(0, 1) };
          },
        },
      });
      const decision = decisionOf(record);
      expect(decision.rollouts.filter((rollout) => rollout.state === "failed")).toHaveLength(1);
      expect(decision.rollouts.filter((rollout) => rollout.state === "done")).toHaveLength(11);
      for (const candidate of decision.candidates) expect(Number.isFinite(candidate.posterior?.mean)).toBe(true);
    },
  );

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "an interactivity of %s fails its cell alone, whatever it weighs",
    async (bad) => {
      for (const interactivity of [0.5, 0]) {
        let calls = 0;
        const policy = { epsilon: 0.0001, kappa: 0, allocation: "block" as const, rounds: 1, interactivity };
        const { record } = await play(liveTurn({}, policy), {
          overrides: {
            judge: () => {
              calls += 1;
              return { success: 0.5, interactivity: calls === 1 ? bad : 0.5, cost: one(0, 1) };
            },
          },
        });
        const decision = decisionOf(record);
        expect(decision.rollouts.filter((rollout) => rollout.state === "failed")).toHaveLength(1);
        expect(decision.rollouts.filter((rollout) => rollout.state === "done")).toHaveLength(11);
      }
    },
  );

  test("an assistant that knows the intent drops the row", async () => {
    const { record } = await play(liveTurn({}, { epsilon: 0.0001, kappa: 0, allocation: "block", rounds: 1 }), {
      table: {
        intents: [{ id: "g", text: "a complaint about mould behind the bedroom wardrobe", weight: 1 }],
        rows: [],
      },
      overrides: {
        user: () => ({ text: "Yes.", tokens: 2, finished: true, cost: one(1, 0) }),
        assistant: () => ({
          text: "So it is about mould behind the bedroom wardrobe, I see.",
          tokens: 12,
          finished: true,
          asks: false,
          cost: one(1, 0),
        }),
      },
    });
    const decision = decisionOf(record);
    expect(decision.rollouts.length).toBeGreaterThan(0);
    expect(decision.rollouts.every((rollout) => rollout.state === "dropped" && rollout.reason === "leak")).toBe(true);
    // No model failed, so nobody is told that one did.
    expect(decision).toMatchObject({ stopReason: "budget", path: "prior" });
  });

  test("weights that do not sum to 1, negative or not numbers: normalised, none lost", async () => {
    const weights = [7, -1, Number.NaN];
    const { record } = await play(liveTurn(), {
      table: {
        raw: false,
        intents: weights.map((weight, index) => ({ id: `g${index}`, text: `reading ${index}`, weight })),
      },
    });
    expect(decisionOf(record).intents.map((intent) => intent.weight)).toEqual([1, 0, 0]);
  });

  test("a single reading is enough: it is met by everybody, and its futures decide", async () => {
    const { record } = await play(liveTurn({}, { epsilon: 0.0001, kappa: 0, allocation: "block" }), {
      table: { intents: [{ id: "g", text: "the one reading", weight: 0.4 }], rows: [] },
      success: (candidate) => (candidate.kind === "hybrid" ? 0.95 : 0.2),
    });
    const decision = decisionOf(record);
    expect(decision).toMatchObject({ path: "lookahead", chosenId: "hybrid" });
    expect(decision.intents.map(({ id, weight }) => [id, weight])).toEqual([
      ["g", expect.closeTo(0.5, 9)],
      ["other", expect.closeTo(0.5, 9)],
    ]);
    const met = decision.rollouts.map(({ candidateId, intentId, block }) => `${block} ${candidateId} ${intentId}`);
    for (const id of ["answer", "assume", "ask", "hybrid"])
      expect(met.filter((cell) => cell === `0 ${id} g`)).toHaveLength(3);
    expect(decision.rollouts.every((rollout) => rollout.intentId === "g" && rollout.state === "done")).toBe(true);
  });

  describe("numbers that are none", () => {
    const prior = (broken: Partial<Record<string, { mean: number; sd: number }>>) => ({
      turns: 100,
      candidates: {
        answer: { mean: 0.2, sd: 0.05 },
        assume: { mean: 0.5, sd: 0.05 },
        ask: { mean: 0.3, sd: 0.05 },
        hybrid: { mean: 0.1, sd: 0.05 },
        ...broken,
      },
    });

    test.each([
      ["mean", { ask: { mean: Number.NaN, sd: 0.05 } }],
      ["mean", { answer: { mean: Number.POSITIVE_INFINITY, sd: 0.05 } }],
      ["s.d.", { ask: { mean: 0.3, sd: Number.NaN } }],
      ["s.d.", { answer: { mean: 0.9, sd: -1 } }],
    ])("a selector's %s of %j is as if it had not been given", async (_name, broken) => {
      const { record } = await play(liveTurn({}, { epsilon: 0.0001, kappa: 0 }), {
        overrides: { selector: () => prior(broken) },
      });
      const [id = ""] = Object.keys(broken);
      const { [id]: _gone, ...rest } = prior({}).candidates as Record<string, { mean: number; sd: number }>;
      const without = await play(liveTurn({}, { epsilon: 0.0001, kappa: 0 }), {
        overrides: { selector: () => ({ turns: 100, candidates: rest }) },
      });
      const decision = decisionOf(record);
      expect(decision).toEqual(decisionOf(without.record));
      for (const { posterior } of decision.candidates) expect(Number.isFinite(posterior?.mean)).toBe(true);
    });

    test("noise and correlations that are no numbers are those of a turn without a selector", async () => {
      const noise = { sd: { ask: Number.NaN, hybrid: 0 }, correlations: { "answer ask": Number.NaN } };
      const policy = { epsilon: 0.0001, kappa: 0 };
      const { record } = await play(liveTurn({}, policy), {
        overrides: { selector: () => ({ ...prior({}), noise, correlations: { "answer ask": Number.NaN } }) },
      });
      const without = await play(liveTurn({}, policy), {
        overrides: { selector: () => ({ ...prior({}), noise: { sd: {}, correlations: {} } }) },
      });
      expect(decisionOf(record)).toEqual(decisionOf(without.record));
    });

    /** A table of two readings in which the cell of one candidate under the first of them is another. */
    const tableWith = (candidate: string, cell: Partial<TableCell>): Pick<Table, "raw" | "intents" | "rows"> => ({
      raw: false,
      intents: ["a letter about rent", "a letter about heating"].map((text, index) => ({
        id: `g${index}`,
        text,
        weight: 0.5,
      })),
      rows: ["answer", "assume", "ask", "hybrid"].map((id) => ({
        candidate: id,
        cells: [0, 1].map((column) => ({
          usefulness: column === 0 ? 0.8 : 0.3,
          questions: id === "ask" || id === "hybrid" ? 1 : 0,
          ...(id === candidate && column === 0 ? cell : {}),
        })),
      })),
    });
    const looking: Partial<Policy> = {
      epsilon: 0.0001,
      kappa: 0,
      allocation: "block",
      gate: { ...balanced.gate, evpi: false },
    };
    /** Answering does worst, so that a broken belief, whose leader is the first, cannot pass for a choice. */
    const decided = async (table: Partial<Table>, policy: Partial<Policy> = looking) => {
      const success = ({ kind }: Candidate) => ({ answer: 0.1, assume: 0.4, ask: 0.5, hybrid: 0.95 })[kind];
      return decisionOf((await play(liveTurn({}, policy), { table, success })).record);
    };

    test.each(
      ["answer", "hybrid"].flatMap((id) =>
        [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((bad) => [bad, id] as const),
      ),
    )("a table's usefulness of %d for %s is no opinion", async (bad, id) => {
      const decision = await decided(tableWith(id, { usefulness: bad }));
      expect(decision).toMatchObject({ path: "lookahead", chosenId: "hybrid" });
      expect(decision).toEqual(await decided(tableWith(id, { usefulness: null })));
      // The gate alone, without a look ahead.
      const gated = await decided(tableWith(id, { usefulness: bad }), { epsilon: 1 });
      expect(gated).toEqual(await decided(tableWith(id, { usefulness: null }), { epsilon: 1 }));
    });

    test("half a row of a table is no row: futures are believed as they came", async () => {
      const half = tableWith("hybrid", { usefulness: null });
      const none = { ...half, rows: half.rows.filter((row) => row.candidate !== "hybrid") };
      const posteriors = async (table: Partial<Table>) =>
        (await decided(table)).candidates.map(({ id, posterior }) => [id, posterior]);
      expect(await posteriors(half)).toEqual(await posteriors(none));
    });

    test.each([
      [Number.NaN, "ask", 1],
      [Number.NaN, "answer", 0],
      [Number.POSITIVE_INFINITY, "ask", 8],
      [1e12, "ask", 8],
      [Number.NEGATIVE_INFINITY, "ask", 0],
      [-3, "hybrid", 0],
    ])("%d questions in a table, for %s, are %d", async (bad, id, meant) => {
      const decision = await decided(tableWith(id, { questions: bad }));
      expect(decision).toMatchObject({ path: "lookahead", chosenId: "hybrid" });
      expect(decision).toEqual(await decided(tableWith(id, { questions: meant })));
    });

    test.each([
      [1.7, 1],
      [-2, 0],
    ])("a usefulness of %d is %d", async (bad, meant) => {
      expect(await decided(tableWith("ask", { usefulness: bad }))).toEqual(
        await decided(tableWith("ask", { usefulness: meant })),
      );
    });

    test("a sensitivity that is no number is not in the record", async () => {
      const { record } = await play(liveTurn(), { table: { sensitivity: Number.NaN } });
      expect(decisionOf(record).sensitivity).toBeNull();
    });

    test("a selector with no number at all is none", async () => {
      const nothing = { mean: Number.NaN, sd: Number.NaN };
      const { record } = await play(liveTurn(), {
        overrides: { selector: () => prior({ answer: nothing, assume: nothing, ask: nothing, hybrid: nothing }) },
      });
      const { record: without } = await play(liveTurn(), {});
      expect(decisionOf(record)).toEqual(decisionOf(without));
    });

    test.each([Number.NaN, Number.POSITIVE_INFINITY, -3])(
      "a draft of %d tokens is as long as its words",
      async (tokens) => {
        const text = "What is the letter about, and by when is it due?";
        const { record } = await play(liveTurn(), {
          overrides: { draft: () => ({ text, tokens, finished: true, cost: one(1, 0) }) },
        });
        const draft = decisionOf(record).candidates.find((candidate) => candidate.text === text);
        // Eleven words, four tokens to three of them.
        expect(draft?.tokens).toBe(15);
      },
    );
  });
});
