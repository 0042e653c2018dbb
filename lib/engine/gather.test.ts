import { expect, test } from "vitest";
import { asksAgain } from "./candidates.ts";
import { direct } from "./policy.ts";
import type { Candidate, Gathered, History, Ports } from "./ports.ts";
import { decisionOf, play } from "./testing/play.ts";
import { liveTurn, one } from "./testing/ports.ts";

const history: History = [
  { role: "user", text: "Write an email to my landlord" },
  { role: "assistant", text: "What is it about?" },
  { role: "user", text: "The heating is broken." },
];
const read: History = [{ role: "user", text: "The heating is broken.\nWrite an email to my landlord" }];

/** Notes what each port was given to read. */
function watching(gather: (history: History) => Promise<Gathered | null>) {
  const seen: Record<string, History[]> = {};
  const note = (role: string, given: History) => {
    seen[role] = [...(seen[role] ?? []), given];
  };
  const watch = (ports: Ports): Ports => ({
    ...ports,
    gather: (call) => {
      note("gather", call.history);
      return gather(call.history);
    },
    answer: (call) => {
      note("answer", call.history);
      return ports.answer(call);
    },
    clarity: (call) => {
      note("clarity", call.history);
      return ports.clarity(call);
    },
    draft: (call) => {
      note("draft", call.history);
      return ports.draft(call);
    },
    table: (call) => {
      note("table", call.history);
      return ports.table(call);
    },
    assistant: (call) => {
      note("assistant", call.history);
      return ports.assistant(call);
    },
  });
  return { seen, watch };
}

const gathers = async (given: History): Promise<Gathered> =>
  given.length === 3
    ? { history: read, moved: 1, declined: false, cost: one(0, 1), promptVersion: "gather/test" }
    : { history: given, moved: 0, declined: false, cost: one(0, 1) };

test("whatever is asked of a model is asked about the gathered conversation, and the record says so", async () => {
  const { seen, watch } = watching(gathers);
  const { record } = await play(liveTurn({ history }), { watch });
  const decision = decisionOf(record);
  for (const role of ["answer", "clarity", "draft", "table"]) {
    expect(seen[role]?.length).toBeGreaterThan(0);
    for (const given of seen[role] ?? []) expect(given).toEqual(read);
  }
  expect(decision.notes.join()).toMatch(/1 later message was read together with the request/);
  expect(decision.promptVersions).toMatchObject({ gather: "gather/test" });
});

test("imagined futures are read as the real next turn will be", async () => {
  const { seen, watch } = watching(async (given) =>
    given.length > 1
      ? { history: [{ role: "user", text: "gathered" }], moved: 1, declined: false, cost: one(0, 1) }
      : null,
  );
  const turn = liveTurn({}, { gate: { clear: null, regret: false, evpi: false, audit: 0 }, kappa: 0 });
  await play(turn, { watch });
  expect(seen.gather?.every((given) => given.length > 1)).toBe(true);
  expect(seen.assistant?.length).toBeGreaterThan(0);
  for (const given of seen.assistant ?? []) expect(given).toEqual([{ role: "user", text: "gathered" }]);
});

test("plain chat reads the conversation as it stands; so does a first message, and a turn whose reading fails", async () => {
  const plain = watching(gathers);
  await play(liveTurn({ history, policy: direct }), { watch: plain.watch });
  expect(plain.seen).toMatchObject({ answer: [history] });
  expect(plain.seen.gather).toBeUndefined();

  const first = watching(gathers);
  await play(liveTurn(), { clear: 0.9, watch: first.watch });
  expect(first.seen.gather).toBeUndefined();

  const broken = watching(() => Promise.reject(new Error("gone")));
  const { record } = await play(liveTurn({ history }), { clear: 0.9, watch: broken.watch });
  expect(broken.seen.answer).toEqual([history]);
  expect(decisionOf(record).notes.join()).toMatch(/could not be gathered/);
});

test("who declined to answer is asked no more", async () => {
  const declines = async (): Promise<Gathered> => ({ history: read, moved: 1, declined: true, cost: one(0, 1) });
  const { watch } = watching(declines);
  const { record } = await play(liveTurn({ history }), { watch });
  const kinds = decisionOf(record).candidates.map((candidate) => candidate.kind);
  expect(new Set(kinds)).toEqual(new Set(["answer", "assume"]));
});

test("a question that hands the person's own question back is none", () => {
  const asked: Candidate = { id: "ask", kind: "ask", text: "How many are left?", tokens: 5, finished: true };
  const own: History = [{ role: "user", text: "There were nine. How many are left?" }];
  expect(asksAgain(asked, own)).toBe(true);
  expect(asksAgain({ ...asked, text: "How many were sold on Monday?" }, own)).toBe(false);
  const shortened = { ...asked, text: "How much money will you have left?" };
  expect(asksAgain(shortened, [{ role: "user", text: "How much money do you have left after the groceries?" }])).toBe(
    true,
  );
});
