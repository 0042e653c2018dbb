import { type DraftPlan, type Policy, withDrafts } from "../policy.ts";
import type { Cost, Ports, TableCell } from "../ports.ts";
import { hash, stream } from "../rng.ts";
import type { Turn } from "../turn.ts";
import { slotsTurn } from "./player.ts";
import { lambda } from "./slots.ts";

/**
 * `goals`: twenty questions (engine.md 5.2). The user has one of n goals in mind; a question names one of 8 yes-or-no
 * attributes, costs c and drives the user away with probability h. Solved exactly by dynamic programming on bitmasks.
 */
export interface GoalsInstance {
  /** p_g > 0, sum 1. */
  readonly p: readonly number[];
  /** Attributes of each goal: bit a is set where the answer to question a is yes. */
  readonly attributes: readonly number[];
  readonly attributeCount: number;
  /** Cost of a question, in units of MR. */
  readonly c: number;
  /** Probability that the user quits at a question. */
  readonly h: number;
}

/** Value of forced questions: V_j = (1−h)^j 2^j/n − c(1−(1−h)^j)/h, for n = 2^k equal goals with perfect splits. */
export function closedForm(n: number, c: number, h: number, questions: number): number {
  const stay = (1 - h) ** questions;
  return (stay * 2 ** questions) / n - (h === 0 ? c * questions : (c * (1 - stay)) / h);
}

/** What is best from here: how good it is, and the attribute to ask for (null: name the likeliest goal). */
export interface Plan {
  readonly value: number;
  readonly ask: number | null;
}

export interface Solver {
  /** V(S, d): S a bitmask of goals still possible, d questions left. */
  plan(possible: number, depth: number): Plan;
  /** Value of asking for one attribute now. */
  asking(possible: number, attribute: number, depth: number): number;
  /** Goals of `possible` whose answer to the attribute is yes. */
  yes(possible: number, attribute: number): number;
  readonly all: number;
}

export function solver(instance: GoalsInstance): Solver {
  const { p, attributes, attributeCount, c, h } = instance;
  const memo = new Map<number, Plan>();
  const masks = Array.from({ length: attributeCount }, (_, attribute) =>
    attributes.reduce((mask, bits, goal) => ((bits >> attribute) & 1 ? mask | (1 << goal) : mask), 0),
  );
  const weights = new Map<number, number>();
  const weight = (set: number): number => {
    const known = weights.get(set);
    if (known !== undefined) return known;
    const sum = p.reduce((total, value, goal) => ((set >> goal) & 1 ? total + value : total), 0);
    weights.set(set, sum);
    return sum;
  };
  const yes = (possible: number, attribute: number) => possible & (masks[attribute] ?? 0);

  function asking(possible: number, attribute: number, depth: number): number {
    const total = weight(possible);
    const left = yes(possible, attribute);
    const right = possible & ~left;
    let value = 0;
    for (const part of [left, right]) if (part !== 0) value += (weight(part) / total) * plan(part, depth - 1).value;
    return -c + (1 - h) * value;
  }

  function plan(possible: number, depth: number): Plan {
    const key = possible * 16 + depth;
    const known = memo.get(key);
    if (known !== undefined) return known;
    const total = weight(possible);
    let value =
      p.reduce((most, weightOf, goal) => ((possible >> goal) & 1 ? Math.max(most, weightOf) : most), 0) / total;
    let ask: number | null = null;
    for (let attribute = 0; depth > 0 && attribute < attributeCount; attribute += 1) {
      const part = yes(possible, attribute);
      if (part === 0 || part === possible) continue;
      const asked = asking(possible, attribute, depth);
      if (asked > value + 1e-12) {
        value = asked;
        ask = attribute;
      }
    }
    const result = { value, ask };
    memo.set(key, result);
    return result;
  }

  return { plan, asking, yes, all: 2 ** p.length - 1 };
}

/** Questions a conversation may hold: as many as there are attributes. */
export const depth = 8;
export const goalDrafts: readonly DraftPlan[] = [
  { id: "ask1", kind: "ask" },
  { id: "ask2", kind: "ask" },
];

/** Attributes that split the goals, the best question first. */
export function questions(solve: Solver, instance: GoalsInstance): number[] {
  const splits = Array.from({ length: instance.attributeCount }, (_, attribute) => attribute).filter((attribute) => {
    const part = solve.yes(solve.all, attribute);
    return part !== 0 && part !== solve.all;
  });
  return splits
    .map((attribute) => ({ attribute, value: solve.asking(solve.all, attribute, depth) }))
    .sort((a, b) => b.value - a.value || a.attribute - b.attribute)
    .map(({ attribute }) => attribute);
}

/** Exact MR: naming the likeliest goal at once, asking the best question, asking the second best; then the best plan. */
export function goalUtilities(instance: GoalsInstance): Record<string, number> {
  const solve = solver(instance);
  const [first = 0, second = first] = questions(solve, instance);
  return {
    answer: Math.max(...instance.p),
    ask1: solve.asking(solve.all, first, depth),
    ask2: solve.asking(solve.all, second, depth),
  };
}

/** n ∈ 6 … 12 goals of Dirichlet(1) weights and distinct random attributes, c~U(.03,.2), h~U(0,.12). */
export function makeGoals(seed: number): GoalsInstance {
  const next = stream(seed);
  const n = 6 + Math.floor(next() * 7);
  const raw = Array.from({ length: n }, () => -Math.log(1 - next()));
  const sum = raw.reduce((total, value) => total + value, 0);
  const attributes = new Set<number>();
  while (attributes.size < n) attributes.add(Math.floor(next() * 256));
  return {
    p: raw.map((value) => value / sum),
    attributes: [...attributes],
    attributeCount: 8,
    c: 0.03 + 0.17 * next(),
    h: 0.12 * next(),
  };
}

const cost = (generating: number, scoring: number): Cost => ({
  calls: { generating, scoring },
  tokensIn: 0,
  tokensCached: 0,
  tokensOut: 0,
  ms: 0,
});

/**
 * The world behind the ports. Texts: `is a3?` asks, `yes`/`no` answers, `goal g5` names. The table says of each question
 * how many more the best plan puts for each goal, and that the plan ends with that goal or not.
 */
export function playGoals(instance: GoalsInstance): Ports {
  const solve = solver(instance);
  const asked = questions(solve, instance);
  const questionTokens = instance.c / lambda;
  const likeliest = (possible: number) =>
    instance.p.reduce(
      (best, value, goal) => ((possible >> goal) & 1 && (best < 0 || value > (instance.p[best] ?? 0)) ? goal : best),
      -1,
    );
  const attributeIn = (text: string) => Number(/is a(\d+)\?/.exec(text)?.[1] ?? -1);
  const goalIn = (text: string) => Number(/goal g(\d+)/.exec(text)?.[1] ?? -1);
  const question = (attribute: number) => `is a${attribute}?`;
  const holds = (goal: number, attribute: number) => (((instance.attributes[goal] ?? 0) >> attribute) & 1) === 1;
  const textOf = (id: string) =>
    id === "answer" ? `goal g${likeliest(solve.all)}` : question(asked[id === "ask2" ? 1 : 0] ?? asked[0] ?? 0);
  const reply = (text: string) => ({
    text,
    tokens: text.startsWith("is") ? questionTokens : 0,
    finished: true,
    cost: cost(1, 0),
  });

  /** Questions the best plan puts if the goal is `goal`, after `attribute`; and whether it ends with that goal. */
  function follow(goal: number, attribute: number): { count: number; found: boolean } {
    let possible = solve.all;
    let ask: number | null = attribute;
    let count = 0;
    while (ask !== null) {
      const part = solve.yes(possible, ask);
      possible = holds(goal, ask) ? part : possible & ~part;
      count += 1;
      ask = solve.plan(possible, depth - count).ask;
    }
    return { count, found: likeliest(possible) === goal };
  }

  return {
    clock: { now: () => 0, sleep: () => new Promise<void>(() => {}) },
    answer({ onText }) {
      onText(textOf("answer"));
      return reply(textOf("answer"));
    },
    clarity: () => null,
    draft: ({ id }) => reply(textOf(id)),
    async table({ drafts }) {
      const candidates = await drafts;
      const intents = instance.p.map((weight, goal) => ({ id: `g${goal}`, text: `goal g${goal}`, weight }));
      const rows = candidates.map((candidate) => ({
        candidate: candidate.id,
        cells: instance.p.map((_, goal): TableCell => {
          if (candidate.kind === "answer") {
            const right = goalIn(candidate.text) === goal;
            return { usefulness: Number(right), questions: 0, stances: [right ? "right" : "wrong"] };
          }
          const { count, found } = follow(goal, attributeIn(candidate.text));
          return { usefulness: Number(found), questions: count, stances: ["asked"] };
        }),
      }));
      return { source: "world", raw: false, intents, rows, cost: cost(1, 0) };
    },
    selector: () => null,
    user({ history, intent }) {
      const told = holds(goalIn(intent.text), attributeIn(history.at(-1)?.text ?? "")) ? "yes" : "no";
      return { text: told, tokens: 0, finished: true, cost: cost(1, 0) };
    },
    assistant({ history }) {
      let possible = solve.all;
      let count = 0;
      history.forEach((message, index) => {
        const attribute = message.role === "assistant" ? attributeIn(message.text) : -1;
        const answer = history[index + 1]?.text;
        if (attribute < 0 || answer === undefined) return;
        const part = solve.yes(possible, attribute);
        possible = answer === "yes" ? part : possible & ~part;
        count += 1;
      });
      const { ask } = solve.plan(possible, depth - count);
      const text = ask === null ? `goal g${likeliest(possible)}` : question(ask);
      return { ...reply(text), asks: ask !== null };
    },
    judge: ({ history, intent }) => ({
      success: Number(history.at(-1)?.text === intent.text),
      interactivity: null,
      cost: cost(0, 1),
    }),
  };
}

/** A turn of the `goals` world. */
export function goalsTurn(instance: GoalsInstance, policy: Policy, seed: number): Turn {
  const turn = slotsTurn(
    {
      p: [[1]],
      eta: 0,
      wrong: 0,
      hQ: instance.h,
      hx: 0,
      hH: 0,
      cD: 0,
      cA: 0,
      cH: 0,
      q: {},
      partial: false,
      clear: false,
    },
    policy,
    hash(seed, "goals"),
  );
  return { ...turn, policy: withDrafts({ ...turn.policy, drafts: policy.drafts }, goalDrafts), questionBudget: depth };
}
