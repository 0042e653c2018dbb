import { normals, stream } from "../rng.ts";
import type { UserRates } from "../user.ts";

/**
 * `slots`: an under-specified request with an exactly known optimum (engine.md 5.1). A goal is one value for each of m
 * hidden slots; the assistant knows their distribution, the simulated user knows the values.
 */
export interface Instance {
  /** p_j(v): distribution of each slot's value, heaviest first. */
  readonly p: readonly (readonly number[])[];
  /** η: refuses to tell an asked slot. */
  readonly eta: number;
  /** ε_w: tells a wrong value. */
  readonly wrong: number;
  /** hQ, hx: quits after one question, and in addition for each further one. */
  readonly hQ: number;
  readonly hx: number;
  /** hH: takes a hybrid's partial answer and leaves. */
  readonly hH: number;
  /** cD, cA, cH: notices a wrong assumption, unstated, stated, of a hybrid. */
  readonly cD: number;
  readonly cA: number;
  readonly cH: number;
  /** q_i: hidden quality by candidate id. */
  readonly q: Readonly<Record<string, number>>;
  /** Success is the mean over slots instead of all or nothing. */
  readonly partial: boolean;
  /** Made with a = .01: answering at once is (nearly always) best. */
  readonly clear: boolean;
}

export const lambda = 5e-4;
/** The five candidates of the marks. */
export const slotCandidates = ["answer", "assume", "ask1", "ask2", "hybrid"] as const;

const largest = (p: readonly number[]): number => p.reduce((most, value) => Math.max(most, value), 0);
/** The value the assistant guesses: the heaviest, the first of equals. */
export const guess = (p: readonly number[]): number => p.indexOf(largest(p));

/** L(y|v): the probability that the user says y when the value is v. */
const likelihood = (said: number, value: number, size: number, wrong: number): number =>
  said === value ? 1 - wrong : wrong / Math.max(1, size - 1);

/** What the assistant believes on hearing y: argmax_v p(v) L(y|v). */
export function heard(p: readonly number[], said: number, wrong: number): number {
  let most = -1;
  let value = 0;
  p.forEach((weight, candidate) => {
    const belief = weight * likelihood(said, candidate, p.length, wrong);
    if (belief > most) {
      most = belief;
      value = candidate;
    }
  });
  return value;
}

/** a_j = (1−η)·Σ_y max_v p_j(v) L(y|v) + η s_j: the chance of getting a slot right after asking for it. */
export function afterAsking(p: readonly number[], eta: number, wrong: number): number {
  let sum = 0;
  for (let said = 0; said < p.length; said += 1)
    sum += p.reduce((most, weight, value) => Math.max(most, weight * likelihood(said, value, p.length, wrong)), 0);
  return (1 - eta) * sum + eta * largest(p);
}

/** Slots in the order in which they are asked for: by a_j/s_j, the most gained first. */
export function askingOrder(instance: Instance): number[] {
  const ratio = instance.p.map((p) => afterAsking(p, instance.eta, instance.wrong) / largest(p));
  return instance.p.map((_, slot) => slot).sort((a, b) => (ratio[b] ?? 0) - (ratio[a] ?? 0) || a - b);
}

/** The slots a candidate asks for: ask n the first n, hybrid the first, others none. */
export function askedSlots(instance: Instance, id: string): number[] {
  const order = askingOrder(instance);
  if (id === "hybrid") return order.slice(0, 1);
  return id.startsWith("ask") ? order.slice(0, Math.max(1, Number(id.slice(3)) || 1)) : [];
}

/** The user's rates as the engine's state machine takes them. */
export function ratesOf(instance: Instance): UserRates {
  return {
    refuses: instance.eta,
    wrong: instance.wrong,
    quits: instance.hQ,
    quitsPerFurther: instance.hx,
    leavesHybrid: instance.hH,
    noticesStated: instance.cA,
    noticesUnstated: instance.cD,
    noticesHybrid: instance.cH,
    volunteers: 0,
  };
}

/** Closed-form MR of a candidate, with R_LLM = .6 for all at weight .5. */
export function utility(instance: Instance, id: string): number {
  const { p, eta, wrong, hH, cH } = instance;
  const quality = instance.q[id] ?? 0.9;
  const s = p.map(largest);
  const a = p.map((slot) => afterAsking(slot, eta, wrong));
  const success = (values: readonly number[]): number =>
    instance.partial
      ? values.reduce((sum, value) => sum + value, 0) / values.length
      : values.reduce((product, value) => product * value, 1);
  const bonus = 0.3;
  if (id === "answer" || id === "assume") {
    const notices = id === "answer" ? instance.cD : instance.cA;
    const missed = s.reduce((sum, value) => sum + (1 - value) * notices, 0);
    const silent = s.reduce((product, value) => product * (1 - (1 - value) * notices), 1);
    const tokens = (id === "answer" ? 300 : 380) + 12 * missed + 300 * (1 - silent);
    return quality * success(s.map((value) => value + (1 - value) * notices * (1 - wrong))) - lambda * tokens + bonus;
  }
  const asked = askedSlots(instance, id);
  if (id === "hybrid") {
    const t = s.map((value, slot) => (asked.includes(slot) ? (a[slot] ?? 0) : value + (1 - value) * cH * (1 - wrong)));
    const tokens = 230 + (1 - hH) * (12 * (1 - eta) + 300);
    return hH * quality * success(s) + (1 - hH) * quality * success(t) - lambda * tokens + bonus;
  }
  const n = asked.length;
  const stays = 1 - quitAfter(instance, n);
  const known = s.map((value, slot) => (asked.includes(slot) ? (a[slot] ?? 0) : value));
  const tokens = 40 + 20 * n + stays * (12 * n * (1 - eta) + 300);
  return stays * quality * success(known) - lambda * tokens + bonus;
}

const quitAfter = (instance: Instance, questions: number): number =>
  Math.min(1, instance.hQ + instance.hx * (questions - 1));

export function utilities(instance: Instance): Record<string, number> {
  return Object.fromEntries(slotCandidates.map((id) => [id, utility(instance, id)]));
}

/** log of a Gamma(a) variate: Marsaglia and Tsang for a+1, boosted down; in logs because a = .01 underflows. */
function logGamma(a: number, next: () => number, normal: () => number): number {
  const d = a + 1 - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal();
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    const u = 1 - next();
    if (Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) return Math.log(d * v) + Math.log(1 - next()) / a;
  }
}

function dirichlet(a: number, size: number, next: () => number, normal: () => number): number[] {
  const logs = Array.from({ length: size }, () => logGamma(a, next, normal));
  const top = Math.max(...logs);
  const raw = logs.map((value) => Math.exp(value - top));
  const sum = raw.reduce((total, value) => total + value, 0);
  return raw.map((value) => value / sum).sort((x, y) => y - x);
}

export interface SlotTraffic {
  /** Share of clear instances (a = .01), 0 … 1. */
  readonly clearShare: number;
  readonly partial: boolean;
}

/**
 * One instance from a seed: m ∈ {2,3,4} slots of V_j ∈ {2,3,4} values, p_j a sorted Dirichlet(a) with a ∈ {.15,.4,1}
 * uniform (a = .01 for a clear one), η~U(.02,.2), hQ~U(0,.12), hx~U(0,.08), hH = .02, cD~U(.1,.5), cA~U(.5,.95), cH = .5,
 * q_i~clip(N(.9,.05),.55,.99), ε_w = .05. The same seed gives the same instance on every machine.
 */
export function makeInstance(seed: number, traffic: SlotTraffic): Instance {
  const next = stream(seed);
  const normal = normals(next);
  const between = (low: number, high: number) => low + (high - low) * next();
  const clear = next() < traffic.clearShare;
  const a = clear ? 0.01 : ([0.15, 0.4, 1][Math.floor(next() * 3)] ?? 1);
  const m = 2 + Math.floor(next() * 3);
  const p = Array.from({ length: m }, () => dirichlet(a, 2 + Math.floor(next() * 3), next, normal));
  return {
    p,
    eta: between(0.02, 0.2),
    wrong: 0.05,
    hQ: between(0, 0.12),
    hx: between(0, 0.08),
    hH: 0.02,
    cD: between(0.1, 0.5),
    cA: between(0.5, 0.95),
    cH: 0.5,
    q: Object.fromEntries(slotCandidates.map((id) => [id, Math.min(0.99, Math.max(0.55, 0.9 + 0.05 * normal()))])),
    partial: traffic.partial,
    clear,
  };
}
