import { describe, expect, test } from "vitest";
import type { Decision } from "../shared/record.ts";
import { decide, deliberate } from "./deliberate.ts";
import { presetPolicies } from "./policy.ts";
import { PortFailure, type Ports, type Stance } from "./ports.ts";
import { decisionOf, play } from "./testing/play.ts";
import { liveTurn, one, playLive } from "./testing/ports.ts";
import { virtualTime } from "./testing/time.ts";
import { TurnStopped } from "./turn.ts";
import { liveRates } from "./user.ts";

describe("a clear request", () => {
  test("streams the direct answer live, one generating call, nothing else starts", async () => {
    const { record, events, text, pieces, seen } = await play(liveTurn(), { clear: 0.9 });
    const decision = decisionOf(record);
    expect(decision).toMatchObject({ path: "clear", stopReason: "clear", chosenId: "answer", blocks: 0 });
    expect(decision.cost).toMatchObject({ generating: 1, scoring: 1 });
    expect(text).toBe(decision.candidates[0]?.text);
    expect(pieces).toBeGreaterThan(3);
    expect(seen.calls).not.toHaveProperty("draft");
    const first = events.find(({ event }) => event.type === "text");
    expect(first?.at).toBeLessThan(500);
  });

  test("goes on to drafting when the answer fails before anything was shown", async () => {
    const { record } = await play(liveTurn(), {
      clear: 0.9,
      overrides: { answer: () => Promise.reject(new PortFailure("gone", one(1, 0))) },
    });
    const decision = decisionOf(record);
    expect(decision.chosenId).not.toBe("answer");
    expect(decision.notes.join()).toMatch(/answer failed/);
  });

  test("breaks off with TurnFailed when the stream dies after text was shown", async () => {
    const time = virtualTime();
    const { ports } = playLive(time, { clear: 0.9 });
    const texts: string[] = [];
    const answer: typeof ports.answer = async ({ onText, signal }) => {
      onText("Dear ");
      await time.clock.sleep(3000, signal);
      throw new Error("connection lost");
    };
    const told = decide(liveTurn(), { ...ports, answer }, (event) => event.type === "text" && texts.push(event.piece));
    await expect(time.run(told)).rejects.toMatchObject({ name: "TurnFailed", shown: true });
    expect(texts).toEqual(["Dear "]);
  });

  test("gives a silent stream up, and never hears it again", async () => {
    const time = virtualTime();
    const { ports } = playLive(time, { clear: 0.9 });
    const texts: string[] = [];
    const answer: typeof ports.answer = async ({ onText }) => {
      await time.clock.sleep(41_000, new AbortController().signal);
      onText("Dear ");
      await time.clock.sleep(200_000, new AbortController().signal);
      return { text: "Dear all", tokens: 2, finished: true, cost: one(1, 0) };
    };
    const told = decide(liveTurn(), { ...ports, answer }, (event) => event.type === "text" && texts.push(event.piece));
    const record = decisionOf(await time.run(told));
    expect(record.chosenId).not.toBe("answer");
    expect(texts).toHaveLength(1);
    expect(texts[0]).not.toContain("Dear ");
  });
});

describe("a vague request", () => {
  test("drafts, reads, tries and releases the winner whole", async () => {
    const { record, events, pieces, text } = await play(liveTurn({}, { epsilon: 0.001, kappa: 0 }), {
      success: (candidate) => (candidate.kind === "ask" ? 0.95 : 0.2),
    });
    const decision = decisionOf(record);
    expect(decision).toMatchObject({ path: "lookahead", chosenId: "ask" });
    expect(pieces).toBe(1);
    expect(text).toBe(decision.candidates.find((candidate) => candidate.chosen)?.text);
    expect(decision.rollouts.filter((rollout) => rollout.state === "done").length).toBeGreaterThanOrEqual(8);
    const stages = events.flatMap(({ event }) => (event.type === "stage" ? [event.stage.stage] : []));
    expect([...new Set(stages)]).toEqual(["reading", "drafting", "weighing", "trying", "answering"]);
    const last = events.at(-1)?.event;
    expect(last?.type === "decision" && last.decision.quickReplies.map((reply) => reply.text)).toEqual([
      "The heating is broken",
      "The neighbours are loud",
      "The deposit is due",
    ]);
    expect(decision.intents.reduce((sum, intent) => sum + intent.weight, 0)).toBeCloseTo(1, 9);
    expect(decision.intents.at(-1)).toMatchObject({ other: true, weight: 0.1 });
  });

  test("a table that read no reply settles nothing by itself: its means lead, and futures are played", async () => {
    const told = (kindsOnly: boolean) =>
      play(liveTurn({}, presetPolicies.deep), {
        overrides: {
          table: async ({ drafts }) => ({
            source: "scored",
            raw: true,
            kindsOnly,
            cost: one(0, 1),
            intents: ["The heating is broken", "The deposit is due"].map((text, at) => ({
              id: `g${at}`,
              text,
              weight: 1,
            })),
            rows: (await drafts).map(({ id, kind }) => ({
              candidate: id,
              cells: [0, 1].map(() => ({
                usefulness: kind === "ask" ? 0.81 : 0.35,
                questions: kind === "ask" ? 1 : 0,
              })),
            })),
          }),
        },
      });
    const read = decisionOf((await told(false)).record);
    expect(read).toMatchObject({ path: "prior", stopReason: "gate", chosenId: "ask" });
    const unread = decisionOf((await told(true)).record);
    expect(unread.path).toBe("lookahead");
    expect(unread.candidates.map(({ prior }) => prior?.mean)).toEqual(read.candidates.map(({ prior }) => prior?.mean));
  });

  test("every candidate of a row meets the same intent and the same user", async () => {
    const { record } = await play(liveTurn({}, { epsilon: 0.001, kappa: 0, allocation: "block" }));
    const rows = new Map<number, Set<string>>();
    const { rollouts } = decisionOf(record);
    for (const { draws, intentId } of rollouts)
      rows.set(draws.k ?? -1, (rows.get(draws.k ?? -1) ?? new Set()).add(intentId));
    expect(rows.size).toBeGreaterThan(3);
    for (const intents of rows.values()) expect(intents.size).toBe(1);
    const quitters = rollouts.filter(({ turns }) => turns[0]?.act === "quit");
    expect(quitters).toHaveLength(0);
  });

  test("the paper's scheme ends even where a port never answers", async () => {
    const { record } = await play(liveTurn({}, presetPolicies.reference), {
      delays: { judge: Number.POSITIVE_INFINITY },
      deaf: true,
    });
    expect(decisionOf(record).stopReason).toBe("deadline");
  });

  test("shows no text before the decision to release", async () => {
    const { events } = await play(liveTurn({}, { epsilon: 0.001, kappa: 0 }));
    const first = events.findIndex(({ event }) => event.type === "text");
    const lastCell = events.findLastIndex(({ event }) => event.type === "cell");
    expect(lastCell).toBeGreaterThan(0);
    expect(first).toBeGreaterThan(lastCell);
  });

  test("is the same turn again with the same seed and answers", async () => {
    const turn = () => liveTurn({}, { epsilon: 0.001, kappa: 0 });
    const first = await play(turn());
    const second = await play(turn());
    expect(second.record).toEqual(first.record);
    expect(second.events).toEqual(first.events);
    const other = await play({ ...turn(), seed: 8 });
    expect(decisionOf(other.record).rollouts).not.toEqual(decisionOf(first.record).rollouts);
  });

  test("gives each call a seed of its own", async () => {
    const { seen } = await play(liveTurn({}, { epsilon: 0.001, kappa: 0 }), { overrides: {} });
    const distinct = new Set(seen.seeds);
    // The streamed answer's pieces share the one seed of its call.
    const answerPieces = seen.calls.answer ?? 0;
    expect(distinct.size).toBe(seen.seeds.length - (answerPieces - 1));
  });

  test("never has more calls at once than the server has slots", async () => {
    const turn = liveTurn({}, { epsilon: 0.001, kappa: 0, soft: 1000, hard: 1000 });
    const { seen, record } = await play({ ...turn, speeds: { ...turn.speeds, slots: 4 } });
    expect(decisionOf(record).blocks).toBeGreaterThan(0);
    // Drafting goes at once by design: answer, check or table, three drafts.
    expect(seen.most).toBeLessThanOrEqual(5);
  });
});

describe("answer now", () => {
  const hurryAt = (ms: number, controller: AbortController) => (time: ReturnType<typeof virtualTime>) =>
    time.at(ms, () => controller.abort());

  test.each([
    ["while the request is read", 50],
    ["while drafting", 900],
    ["while the table is made", 2300],
  ])("%s: the direct answer is released, with nothing tried", async (_name, ms) => {
    const hurry = new AbortController();
    const { record, text } = await play(liveTurn({ answerNow: hurry.signal }), {}, hurryAt(ms, hurry));
    const decision = decisionOf(record);
    expect(decision).toMatchObject({ stopReason: "answer_now", chosenId: "answer", blocks: 0 });
    expect(text).toBe(decision.candidates[0]?.text);
  });

  test("while trying: the leader so far is released, unfinished rows are dropped", async () => {
    const hurry = new AbortController();
    const { record, end } = await play(
      liveTurn({ answerNow: hurry.signal }, { epsilon: 0.001, kappa: 0 }),
      {},
      hurryAt(3800, hurry),
    );
    const decision = decisionOf(record);
    expect(decision).toMatchObject({ stopReason: "answer_now" });
    expect(decision.rollouts.some((rollout) => rollout.state === "dropped")).toBe(true);
    expect(end).toBe(3800);
  });
});

describe("stop", () => {
  test.each([100, 1000, 2500, 3800])(
    "at %i ms: ends at once, shows nothing, everything in flight is aborted",
    async (ms) => {
      const stop = new AbortController();
      const { record, text, seen, end } = await play(
        liveTurn({ stop: stop.signal }, { epsilon: 0.001, kappa: 0 }),
        {},
        (time) => time.at(ms, () => stop.abort()),
      );
      expect(record).toBeInstanceOf(TurnStopped);
      expect(record).toMatchObject({ shown: false });
      expect(text).toBe("");
      expect(end).toBe(ms);
      expect(seen.live).toBe(0);
    },
  );

  test("while a clear reply streams: what was shown is kept, and said to be", async () => {
    const stop = new AbortController();
    const { record, text } = await play(liveTurn({ stop: stop.signal }), { clear: 0.9 }, (time) =>
      time.at(1000, () => stop.abort()),
    );
    expect(record).toMatchObject({ name: "TurnStopped", shown: true });
    expect(text.length).toBeGreaterThan(5);
    expect("Dear landlord, the heating is broken. Please repair it soon.").toContain(text);
  });

  test("a reader that leaves the generator stops the turn", async () => {
    const time = virtualTime();
    const { ports, seen } = playLive(time);
    const read = (async () => {
      for await (const event of deliberate(liveTurn(), ports)) if (event.type === "candidate") break;
    })();
    await time.run(read);
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen.live).toBe(0);
  });
});

describe("deadlines", () => {
  test("a port that never answers costs its rows, not the turn: the leader is released by the hard deadline", async () => {
    const { record, end } = await play(liveTurn({}, { epsilon: 0.001, kappa: 0 }), {
      delays: { assistant: Number.POSITIVE_INFINITY },
      deaf: true,
    });
    const decision = decisionOf(record);
    expect(decision.stopReason).toBe("deadline");
    // Drafting and table 3.0 s, then at most 4 L of 2 s.
    expect(end).toBeLessThanOrEqual(3000 + 4 * 2000);
  });

  test.each(["answer", "draft", "table", "clarity"] as const)(
    "a %s that never comes does not hold the turn",
    async (role) => {
      const { record, end } = await play(liveTurn(), { delays: { [role]: Number.POSITIVE_INFINITY }, deaf: true });
      expect(decisionOf(record).chosenId).toMatch(/answer|assume|ask|hybrid/);
      expect(end).toBeLessThanOrEqual(30_000);
    },
  );

  test("a block is cut to fit: fewer intents first, then fewer candidates; nothing fits: the prior decides", async () => {
    const slow = (factor: number) => {
      const turn = liveTurn({}, { epsilon: 0.0001, kappa: 0, allocation: "block", rounds: 1 });
      const speeds = { ...turn.speeds, user: 300 * factor, assistant: 1200 * factor, judge: 100 * factor, slots: 4 };
      return play({ ...turn, speeds }, { delays: { user: 10, assistant: 10, judge: 10 } });
    };
    const cells = async (factor: number) => decisionOf((await slow(factor)).record).rollouts.length;
    expect(await cells(1)).toBe(12);
    expect(await cells(3)).toBe(4);
    expect(await cells(12)).toBe(0);
    expect(decisionOf((await slow(12)).record)).toMatchObject({ path: "prior", stopReason: "deadline" });
  });

  test("one slow cell loses its row and no other", async () => {
    let calls = 0;
    const turn = liveTurn({}, { epsilon: 0.0001, kappa: 0, allocation: "block", rounds: 1 });
    const time = virtualTime();
    const { ports } = playLive(time, { delays: { user: 100, assistant: 100, judge: 100 } });
    const judge = ports.judge;
    const slowOne: typeof ports.judge = async (call) => {
      calls += 1;
      if (calls === 1) await time.clock.sleep(6000, call.signal);
      return judge(call);
    };
    const decision = decisionOf(await time.run(decide(turn, { ...ports, judge: slowOne })));
    const dropped = decision.rollouts.filter((rollout) => rollout.state === "dropped");
    expect(dropped.map((rollout) => rollout.reason)).toEqual(["slow", "slow", "slow", "slow"]);
    expect(new Set(dropped.map((rollout) => rollout.draws.k)).size).toBe(1);
    expect(decision.rollouts.filter((rollout) => rollout.state === "done").length).toBe(8);
  });

  describe("a cell is slow from twice the median of the block's conversations on", () => {
    const ungated = { clear: null, regret: false, evpi: false, audit: 0 };
    const oneBlock = { epsilon: 0.0001, kappa: 0, allocation: "block", rounds: 1, gate: ungated } as const;
    const saying = (stanceOf: (candidate: string) => Stance) => ({
      rows: ["answer", "assume", "ask", "hybrid"].map((candidate) => ({
        candidate,
        cells: [0, 1, 2].map(() => ({ usefulness: 0.5, questions: 1, stances: [stanceOf(candidate)] })),
      })),
    });

    /** Twelve cells of 300 ms, of which one takes `late` ms longer; those that were dropped. */
    const slowed = async (late: number) => {
      let calls = 0;
      const time = virtualTime();
      const { ports } = playLive(time, {
        delays: { user: 100, assistant: 100, judge: 100 },
        table: saying(() => "asked"),
      });
      const judge: Ports["judge"] = async (call) => {
        calls += 1;
        if (calls === 1) await time.clock.sleep(late, call.signal);
        return ports.judge(call);
      };
      const turn = liveTurn({ rates: { ...liveRates, leavesHybrid: 0 } }, oneBlock);
      const decision = decisionOf(await time.run(decide(turn, { ...ports, judge })));
      expect(decision.rollouts).toHaveLength(12);
      return decision.rollouts.filter((rollout) => rollout.state === "dropped");
    };

    test("a little less than twice keeps its row", async () => {
      expect(await slowed(290)).toEqual([]);
    });

    test("a little more loses it, at twice the median", async () => {
      const dropped = await slowed(310);
      expect(dropped.map(({ reason }) => reason)).toEqual(["slow", "slow", "slow", "slow"]);
      expect(Math.max(...dropped.map(({ ms }) => ms))).toBe(600);
    });

    test("where most users are content at once, one who speaks is not slow for it", async () => {
      const { record } = await play(liveTurn({}, oneBlock), {
        table: saying((candidate) => (candidate === "ask" ? "asked" : "right")),
      });
      const { rollouts } = decisionOf(record);
      expect(rollouts.map(({ state }) => state)).toEqual(Array.from({ length: 12 }, () => "done"));
      const took = (id: string) => rollouts.find((rollout) => rollout.candidateId === id)?.ms ?? 0;
      expect(took("ask")).toBeGreaterThan(4 * took("answer"));
    });
  });

  test("a clock that jumps back counts as no time, one that jumps on ends at the deadline", async () => {
    const back = await play(liveTurn({}, { epsilon: 0.001, kappa: 0 }), {}, (time) =>
      time.at(3500, () => time.jump(-1e7)),
    );
    const still = await play(liveTurn({}, { epsilon: 0.001, kappa: 0 }));
    expect(decisionOf(back.record).ms.total).toBeGreaterThanOrEqual(0);
    expect(back.text).toBe(still.text);
    // The same futures, and all of them: no deadline came, and no cell was slow.
    const told = ({ rollouts, ms: _, ...rest }: Decision) => ({
      ...rest,
      rollouts: rollouts.map((one) => ({ ...one, ms: 0 })),
    });
    expect(told(decisionOf(back.record))).toEqual(told(decisionOf(still.record)));
    const on = await play(liveTurn({}, { epsilon: 0.001, kappa: 0 }), {}, (time) =>
      time.at(3500, () => time.jump(1e7)),
    );
    expect(decisionOf(on.record).stopReason).toBe("deadline");
  });
});
