import { describe, expect, test } from "vitest";
import type { Ports } from "./ports.ts";
import { decisionOf, play } from "./testing/play.ts";
import { liveTurn } from "./testing/ports.ts";
import type { VirtualTime } from "./testing/time.ts";
import { TurnStopped } from "./turn.ts";

/** A port that is deaf to its signal and answers long after the turn has ended; Infinity: one that never does. */
const hour = 3_600_000;
const roles = ["draft", "table", "user", "assistant", "judge", "gather"] as const;
const ungated = { clear: null, regret: false, evpi: false, audit: 0 };

async function turnWith(role: (typeof roles)[number], delay: number, slots: number) {
  let time: VirtualTime | null = null;
  const turn = liveTurn({}, { epsilon: 0.0001, kappa: 0, allocation: "block", gate: ungated });
  const played = await play(
    { ...turn, speeds: { ...turn.speeds, slots } },
    {
      delays: role === "gather" ? {} : { [role]: delay },
      deaf: true,
      watch: (ports) => {
        const gather: typeof ports.gather = async ({ signal: _signal }) => {
          await ports.clock.sleep(delay, new AbortController().signal);
          return null;
        };
        return role === "gather" ? { ...ports, gather } : ports;
      },
    },
    (made) => {
      time = made;
    },
  );
  const before = structuredClone({ record: played.record, calls: played.seen.calls, events: played.events.length });
  const after = async () => {
    await time?.run(time.clock.sleep(4 * hour, new AbortController().signal));
    return { record: played.record, calls: played.seen.calls, events: played.events.length };
  };
  return { before, after };
}

const everyRole = ["answer", "clarity", ...roles] as const;

/** The person stops a moment after a port was first called that is deaf to it. */
async function stoppedWith(role: (typeof everyRole)[number], delay: number) {
  const stop = new AbortController();
  const never = new AbortController().signal;
  const gate = { ...ungated, clear: 0.6 };
  let time: VirtualTime | null = null;
  const calls: Record<string, number> = {};
  let stoppedAt = Number.NaN;
  const watch = (ports: Ports): Ports => {
    const watched: Record<string, unknown> = { ...ports };
    for (const name of everyRole) {
      const port = ports[name] as ((call: unknown) => unknown) | undefined;
      watched[name] = async (call: unknown) => {
        calls[name] = (calls[name] ?? 0) + 1;
        if (name === role && calls[name] === 1)
          void ports.clock.sleep(10, never).then(() => {
            stoppedAt = ports.clock.now();
            stop.abort();
          });
        if (port) return port(call);
        if (name === role) await ports.clock.sleep(delay, never);
        return null;
      };
    }
    return watched as unknown as Ports;
  };
  const played = await play(
    liveTurn({ stop: stop.signal }, { epsilon: 0.0001, kappa: 0, allocation: "block", gate }),
    { delays: role === "gather" ? {} : { [role]: delay }, deaf: true, watch },
    (made) => {
      time = made;
    },
  );
  const told = () => structuredClone({ calls, events: played.events.length, text: played.text });
  const before = told();
  const after = async () => {
    await time?.run(time.clock.sleep(4 * hour, never));
    return told();
  };
  return { record: played.record, end: played.end, stoppedAt, before, after };
}

describe("a port that answers after its signal", () => {
  test.each(roles.flatMap((role) => [24, 3].map((slots) => [role, slots] as const)))(
    "a late %s, %i calls at once: nothing further starts, and the record is that of a port that never answers",
    async (role, slots) => {
      const late = await turnWith(role, hour, slots);
      const never = await turnWith(role, Number.POSITIVE_INFINITY, slots);
      expect(decisionOf(late.before.record).chosenId).toMatch(/answer|assume|ask|hybrid/);
      expect(late.before.record).toEqual(never.before.record);
      expect(late.before.calls).toEqual(never.before.calls);
      expect(await late.after()).toEqual(late.before);
    },
  );

  test.each(everyRole.flatMap((role) => [hour, Number.POSITIVE_INFINITY].map((delay) => [role, delay] as const)))(
    "a person who stops does not wait for a deaf %s (%d ms), and nothing starts when it answers",
    async (role, delay) => {
      const { record, end, stoppedAt, before, after } = await stoppedWith(role, delay);
      expect(record).toBeInstanceOf(TurnStopped);
      expect(end).toBe(stoppedAt);
      expect(before.text).toBe("");
      expect(await after()).toEqual(before);
    },
  );

  test("when the time is out, no cell that was waiting for its place starts", async () => {
    const { before } = await turnWith("user", Number.POSITIVE_INFINITY, 3);
    expect(decisionOf(before.record)).toMatchObject({ stopReason: "deadline" });
    expect(before.calls.user).toBe(3);
  });

  test.each(["clarity", "gather"] as const)("a late %s is told to stop while the turn goes on", async (role) => {
    const told: boolean[] = [];
    let signal: AbortSignal | null = null;
    const history = ["Write an email", "What about?", "The heating"].map((text, at) => ({
      role: at === 1 ? ("assistant" as const) : ("user" as const),
      text,
    }));
    const never = (call: { signal: AbortSignal }) => {
      signal ??= call.signal;
      return new Promise<null>(() => {});
    };
    await play(liveTurn({ history }), {
      watch: (ports) => ({
        ...ports,
        [role]: never,
        draft: (call) => {
          told.push(signal?.aborted ?? false);
          return ports.draft(call);
        },
      }),
    });
    expect(told.length).toBeGreaterThan(1);
    expect(told.every(Boolean)).toBe(true);
  });

  test("a row dropped while the block goes on asks for nothing more, and what it then says is not heard", async () => {
    let users = 0;
    const played = async (delay: number) => {
      users = 0;
      const turn = liveTurn({}, { epsilon: 0.0001, kappa: 0, allocation: "block", gate: ungated, soft: 9, hard: 9 });
      const { record, seen } = await play(turn, {
        watch: (ports) => ({
          ...ports,
          user: async (call) => {
            users += 1;
            const first = users === 1;
            const said = await ports.user({ ...call, signal: new AbortController().signal });
            if (first) await ports.clock.sleep(delay, new AbortController().signal);
            return said;
          },
        }),
      });
      return { decision: decisionOf(record), assistant: seen.calls.assistant };
    };
    const late = await played(6000);
    const never = await played(Number.POSITIVE_INFINITY);
    expect(late.decision.rollouts.some(({ reason }) => reason === "slow")).toBe(true);
    expect(late.assistant).toBe(never.assistant);
    // The late words were paid for all the same.
    expect({ ...late.decision, cost: null }).toEqual({ ...never.decision, cost: null });
  });

  test("after a stop nobody looks again and again whether a cell is slow whose port takes a moment to break off", async () => {
    const stop = new AbortController();
    const calls = { user: 0, judge: 0 };
    let looks = 0;
    const policy = { epsilon: 0.0001, kappa: 0, allocation: "block" as const, gate: ungated, soft: 9, hard: 9 };
    const { record } = await play(liveTurn({ stop: stop.signal }, policy), {
      watch: (ports) => ({
        ...ports,
        clock: {
          ...ports.clock,
          sleep: (ms, signal) => {
            if (stop.signal.aborted) looks += 1;
            // Whoever looks for ever would let no port settle, and this test not end.
            return looks > 100 ? new Promise(() => {}) : ports.clock.sleep(ms, signal);
          },
        },
        user: async (call) => {
          calls.user += 1;
          if (calls.user > 1) return ports.user(call);
          await new Promise((resolve) => call.signal.addEventListener("abort", resolve));
          return new Promise<never>((_, reject) => setImmediate(reject, new Error("broken off")));
        },
        judge: (call) => {
          calls.judge += 1;
          // Most conversations have ended by then, so that the one left is watched.
          if (calls.judge === 8) void ports.clock.sleep(500, new AbortController().signal).then(() => stop.abort());
          return ports.judge(call);
        },
      }),
    });
    expect(record).toBeInstanceOf(TurnStopped);
    expect(looks).toBeLessThan(10);
  });
});
