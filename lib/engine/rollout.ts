import { leaks } from "../shared/text.ts";
import { type Draw, drawsOf, intentPoint, inverseCdf } from "./draws.ts";
import type { Field } from "./field.ts";
import type { Reading } from "./intents.ts";
import type { Act, Call, Candidate, Message, Stance, TableCell } from "./ports.ts";
import { effort, fullLength, mixed, type Reward, rewardOf, tailValue } from "./reward.ts";
import { hash } from "./rng.ts";
import { actName, drawAct, quitRate } from "./user.ts";
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
  /** Port calls made, for planning: 1 … 2w+1. */
  readonly calls: number;
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

/**
 * Plays one cell: user act drawn in code → its words → the assistant → … → score. Rejects where a port fails, a number is
 * not finite, or the assistant leaks.
 */
export async function playFuture(
  work: Work,
  field: Field,
  index: number,
  { k, reading, draw }: Meeting,
  options: { readonly signal: AbortSignal; readonly maxTokens: number | undefined },
): Promise<Future> {
  const { turn, ports } = work;
  const { policy, rates } = turn;
  const candidate = field.candidates[index];
  if (candidate === undefined) throw new RangeError("no such candidate");
  const cell = field.cell(index, reading.column);
  const window = windowOf(cell, policy.window);
  const history: Message[] = [...turn.history, { role: "assistant", text: candidate.text }];
  const turns: Imagined[] = [];
  const acts: Act[] = [];
  let stances = stancesOf(candidate, cell, draw);
  let kind = candidate.kind;
  let tokens = candidate.tokens;
  let asked = 0;
  let calls = 0;
  let open = kind === "ask";
  // Chance that the user is still there, and what the ways out along the path have been worth.
  let staying = 1;
  let left = 0;

  const call = (role: string, step: number): Call => ({
    seed: hash(turn.seed, "call", role, candidate.id, k, step),
    signal: options.signal,
    priority: "background",
    ...(options.maxTokens === undefined ? {} : { maxTokens: options.maxTokens }),
  });

  for (let step = 0; step < window; step += 1) {
    const questions = stances.reduce((sum, stance) => sum + Number(stance === "asked"), 0);
    if (policy.integrates && kind === "ask") {
      const quits = quitRate(rates, asked + questions);
      left += staying * quits * effort(policy.lambda, tokens);
      staying *= 1 - quits;
    }
    const act = drawAct(kind, stances, rates, draw, step, asked, policy.integrates);
    acts.push(act);
    if (act.type !== "reply") {
      turns.push({ role: "user", text: "", act: actName(act) });
      open = false;
      break;
    }
    asked += Math.max(1, questions);
    const said = await work.call("user", () =>
      ports.user({ history: [...history], intent: reading.intent, act, ...call("user", step) }),
    );
    calls += 1;
    history.push({ role: "user", text: said.text });
    turns.push({ role: "user", text: said.text, act: actName(act) });
    const reply = await work.call("assistant", () =>
      ports.assistant({ history: [...history], ...call("assistant", step) }),
    );
    calls += 1;
    if (
      reading.length >= 5 &&
      leaks(reply.text, reading.intent.text, history.map((message) => message.text).join("\n"))
    )
      throw new Leak("the simulated assistant knew the intent");
    history.push({ role: "assistant", text: reply.text });
    turns.push({ role: "assistant", text: reply.text });
    tokens += said.tokens + fullLength(reply, turn.lengths.answer);
    open = reply.asks;
    if (!reply.asks) break;
    kind = "ask";
    stances = laterStances(stances, act);
  }

  const weights = { lambda: policy.lambda, interactivity: policy.interactivity };
  const mean = turn.kindMeans[candidate.kind];
  if (open && cell !== null && cell.usefulness !== null && acts.length >= window) {
    const left = Math.max(1, cell.questions - acts.length);
    const question = policy.lambda * (tokens / (acts.length + 1));
    const tail = tailValue(cell.usefulness, left - 1, quitRate(rates, asked + 1), question);
    const stay = 1 - quitRate(rates, asked + 1);
    return finish({ success: 0, interactivity: null }, tail * stay);
  }
  const score = await work.call("judge", () =>
    ports.judge({
      history,
      intent: reading.intent,
      candidate,
      acts,
      outcome: policy.outcome,
      ...call("judge", 0),
    }),
  );
  calls += 1;
  return finish(score, null);

  function finish(score: { success: number; interactivity: number | null }, tail: number | null): Future {
    const played = rewardOf(score, tail, tokens, weights, mean);
    const reward = staying === 1 ? played : mixed(played, staying, left);
    const shift = field.shift[index] ?? 0;
    return { turns, reward: shift === 0 ? reward : { ...reward, total: reward.total + shift }, calls };
  }
}
