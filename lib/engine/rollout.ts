import { leaks } from "../shared/text.ts";
import { lengthOfKind } from "./candidates.ts";
import { type Draw, drawsOf, intentPoint, inverseCdf } from "./draws.ts";
import type { Field } from "./field.ts";
import type { Reading } from "./intents.ts";
import type { Act, Call, Candidate, Message, Stance, TableCell } from "./ports.ts";
import { effort, fullLength, mixed, type Reward, rewardOf, tailValue, weighted } from "./reward.ts";
import { hash } from "./rng.ts";
import { actName, drawAct, type Forced, quitRate, unnoticed } from "./user.ts";
import type { Work } from "./work.ts";

/** One message of an imagined future. */
export interface Imagined {
  readonly role: "user" | "assistant";
  readonly text: string;
  /** What the user did (see `actName`); absent for the assistant. */
  readonly act?: string;
}

/** One imagined future of one candidate under one intent draw. */
export interface Future {
  readonly turns: readonly Imagined[];
  readonly reward: Reward;
  /** Port calls made, for planning: 1 … 2w+1 a path. */
  readonly calls: number;
  /** Ways it was played: 2 where the user's noticing was integrated, else 1. */
  readonly paths: number;
  /** Probability of the way in which nothing was noticed; null where it was drawn. */
  readonly unnoticed: number | null;
}

/** The assistant knew what only the user may know. */
export class Leak extends Error {
  override readonly name = "Leak";
}

/** What all cells of a row share: one intent, one user. */
export interface Meeting {
  /** Number of the intent draw over the whole turn, from 0. */
  readonly k: number;
  readonly reading: Reading;
  readonly draw: Draw;
}

/** Intent draw `k`. @param owner the candidate's id where draws are not shared */
export function meeting(work: Work, field: Field, k: number, owner: string | null): Meeting {
  const { seed, policy } = work.turn;
  const point = intentPoint(seed, k, policy.paired, owner ?? "");
  const place = inverseCdf(
    field.line.map((reading) => reading.share),
    point,
  );
  const reading = field.line[place];
  if (reading === undefined) throw new RangeError("no readings to draw from");
  return { k, reading, draw: drawsOf(seed, k, policy.paired, owner ?? "") };
}

/** Most simulated turns of a cell: two where the table says two questions are needed and the policy allows it. */
export function windowOf(cell: TableCell | null, most: number): number {
  return cell !== null && cell.questions >= 1.5 ? Math.min(2, most) : Math.min(1, most);
}

function stancesOf(candidate: Candidate, cell: TableCell | null, draw: Draw): readonly Stance[] {
  if (cell?.stances !== undefined) return cell.stances;
  if (candidate.kind === "ask" || candidate.kind === "hybrid") return ["asked"];
  return [draw("match", 0) < (cell?.usefulness ?? 0.5) ? "right" : "wrong"];
}

/** A later turn meets the facts that are still open; where none is, the user says the same again in other words. */
function laterStances(stances: readonly Stance[], act: Act): readonly Stance[] {
  const settled = new Set(
    act.type === "reply" ? act.facts.filter((fact) => fact.does !== "refuses").map((fact) => fact.fact) : [],
  );
  const open = stances.map((stance, index): Stance => (stance === "right" || settled.has(index) ? "right" : "asked"));
  return open.includes("asked") ? open : stances.map(() => "asked");
}

/** How a cell is to be played. */
export interface CellOptions {
  /** Aborted when the cell is no longer wanted: no further call is made. */
  readonly signal: AbortSignal;
  readonly maxTokens: number | undefined;
}

interface Path {
  readonly work: Work;
  readonly candidate: Candidate;
  readonly cell: TableCell | null;
  readonly stances: readonly Stance[];
  readonly meeting: Meeting;
  readonly options: CellOptions;
  readonly forced: Forced;
  /** Tokens of what a person would be sent at the end: as long as this turn's own direct reply; null = not known. */
  readonly replyLength: number | null;
}

/**
 * Plays one cell: user act drawn in code → its words → the assistant → … → score. Rejects where a port fails, a number is
 * not finite, or the assistant leaks.
 *
 * What is drawn in code with a known probability need not be drawn: where the policy integrates, a quitting user's
 * worth is computed, and a user who may or may not notice a wrong assumption is played both ways, weighted. Two futures
 * then cost less than the many draws it would take to tell 28 % from 72 %.
 */
export async function playFuture(
  work: Work,
  field: Field,
  index: number,
  meeting: Meeting,
  options: CellOptions,
): Promise<Future> {
  const candidate = field.candidates[index];
  if (candidate === undefined) throw new RangeError("no such candidate");
  const { policy, rates } = work.turn;
  const cell = field.cell(index, meeting.reading.column);
  const stances = stancesOf(candidate, cell, meeting.draw);
  const path = (notices: boolean | null): Path => ({
    work,
    candidate,
    cell,
    stances,
    meeting,
    options,
    forced: { stays: policy.integrates.quits, notices },
    replyLength: lengthOfKind(field.candidates, "answer") ?? work.turn.lengths.answer,
  });
  const answers = candidate.kind === "answer" || candidate.kind === "assume";
  const quiet = answers ? unnoticed(candidate.kind, stances, rates) : 1;
  const shift = field.shift[index] ?? 0;
  const shifted = (reward: Reward): Reward => (shift === 0 ? reward : { ...reward, total: reward.total + shift });
  if (!policy.integrates.notices || quiet <= 0.01 || quiet >= 0.99) {
    const future = await playPath(path(null));
    return { ...future, reward: shifted(future.reward) };
  }
  // One after the other: a cell holds one place among the calls at once.
  const silent = await playPath(path(false));
  const spoken = await playPath(path(true));
  return {
    turns: spoken.turns,
    reward: shifted(weighted(silent.reward, spoken.reward, quiet)),
    calls: silent.calls + spoken.calls,
    paths: 2,
    unnoticed: quiet,
  };
}

/** One way a cell may go. */
async function playPath(path: Path): Promise<Future> {
  const { work, candidate, cell, stances, meeting, options, forced, replyLength } = path;
  const { turn, ports } = work;
  const { policy, rates } = turn;
  const { k, reading, draw } = meeting;
  const window = policy.windows === "all" ? policy.window : windowOf(cell, policy.window);
  const history: Message[] = [...work.history(), { role: "assistant", text: candidate.text }];
  const turns: Imagined[] = [];
  const acts: Act[] = [];
  let open = stances;
  let kind = candidate.kind;
  let tokens = candidate.tokens;
  let asked = 0;
  let calls = 0;
  let asking = kind === "ask";
  // Chance that the user is still there, and what the ways out along the path have been worth.
  let staying = 1;
  let left = 0;

  const branch = forced.notices === false ? "silent" : "";
  const call = (role: string, step: number): Call => ({
    seed: hash(turn.seed, "call", role, candidate.id, branch, k, step),
    signal: options.signal,
    priority: "background",
    ...(options.maxTokens === undefined ? {} : { maxTokens: options.maxTokens }),
  });

  /** A port may answer after its signal: what comes then is not heard, and nothing more is asked for it. */
  const ask: Work["call"] = (role, run) => {
    options.signal.throwIfAborted();
    return work.call(role, run);
  };

  for (let step = 0; step < window; step += 1) {
    const questions = open.reduce((sum, stance) => sum + Number(stance === "asked"), 0);
    if (forced.stays && kind === "ask") {
      const quits = quitRate(rates, asked + questions);
      left += staying * quits * effort(policy.lambda, tokens);
      staying *= 1 - quits;
    }
    const act = drawAct(kind, open, rates, draw, step, asked, forced);
    acts.push(act);
    if (act.type !== "reply") {
      turns.push({ role: "user", text: "", act: actName(act) });
      asking = false;
      break;
    }
    asked += Math.max(1, questions);
    const said = await ask("user", () =>
      ports.user({ history: [...history], intent: reading.intent, act, ...call("user", step) }),
    );
    history.push({ role: "user", text: said.text });
    turns.push({ role: "user", text: said.text, act: actName(act) });
    // The imagined assistant reads the conversation as the real one will.
    const gather = policy.gathers ? ports.gather : undefined;
    const gathered = gather
      ? await ask("gather", async () => (await gather({ history: [...history], ...call("gather", step) })) ?? null)
      : null;
    const asRead = gathered === null ? [...history] : gathered.history;
    const reply = await ask("assistant", () => ports.assistant({ history: asRead, ...call("assistant", step) }));
    calls += 2;
    if (reading.length >= leakLength && leaks(reply.text, reading.intent.text, textOf(history)))
      throw new Leak("the simulated assistant knew the intent");
    history.push({ role: "assistant", text: reply.text });
    turns.push({ role: "assistant", text: reply.text });
    tokens += said.tokens + fullLength(reply, replyLength);
    asking = reply.asks;
    if (!reply.asks) break;
    kind = "ask";
    open = laterStances(open, act);
  }

  const tail = asking && acts.length >= window ? tailOf(work, cell, acts.length, asked, tokens) : null;
  let score: { success: number; interactivity: number | null } = { success: 0, interactivity: null };
  if (tail === null) {
    const { outcome } = policy;
    score = await ask("judge", () =>
      ports.judge({ history, intent: reading.intent, candidate, acts, outcome, ...call("judge", 0) }),
    );
    calls += 1;
  }
  const weights = { lambda: policy.lambda, interactivity: policy.interactivity };
  const usual = policy.centred ? turn.kindMeans[candidate.kind] : 0;
  const reward = rewardOf(score, tail, tokens, weights, usual);
  return { turns, reward: staying === 1 ? reward : mixed(reward, staying, left), calls, paths: 1, unnoticed: null };
}

const leakLength = 5;
const textOf = (history: readonly Message[]): string => history.map((message) => message.text).join("\n");

/**
 * The table's value of what lies beyond the last simulated turn, the assistant having just asked again. Null where the
 * table has no opinion: then what was said so far is judged.
 */
function tailOf(work: Work, cell: TableCell | null, turns: number, asked: number, tokens: number): number | null {
  if (cell === null || cell.usefulness === null) return null;
  const { policy, rates } = work.turn;
  const quits = quitRate(rates, asked + 1);
  // The question that was just asked is paid already; each further one costs what they cost so far.
  const further = Math.max(0, cell.questions - turns - 1);
  return (1 - quits) * tailValue(cell.usefulness, further, quits, policy.lambda * (tokens / (turns + 1)));
}
