import type { Kind } from "../shared/kinds.ts";
import type { Draw } from "./draws.ts";
import type { Act, FactAct, Stance } from "./ports.ts";

/**
 * The simulated user as a state machine outside the model: what it does is drawn here, in code, from rates that are an
 * input; a model only phrases it. So a block is exactly paired, and the rates can be fitted to logs.
 */
export interface UserRates {
  /** η: probability that an asked fact is refused. */
  readonly refuses: number;
  /** ε_w: probability that a told fact is wrong. */
  readonly wrong: number;
  /** hQ: probability of quitting after one question. */
  readonly quits: number;
  /** hx: added for each further question, asked at once or in a later turn. */
  readonly quitsPerFurther: number;
  /** hH: probability of leaving a hybrid reply's question unanswered and taking its partial answer. */
  readonly leavesHybrid: number;
  /** cA: probability of noticing a stated wrong assumption. */
  readonly noticesStated: number;
  /** cD: probability of noticing an unstated one. */
  readonly noticesUnstated: number;
  /** cH: probability of noticing a wrong assumption of a hybrid reply. */
  readonly noticesHybrid: number;
  /** Probability of adding one thing nobody asked for. */
  readonly volunteers: number;
}

/** Rates until logs give better ones (engine.md section 3.5). */
export const liveRates: UserRates = {
  refuses: 0.1,
  wrong: 0.05,
  quits: 0.05,
  quitsPerFurther: 0.04,
  leavesHybrid: 0.05,
  noticesStated: 0.8,
  noticesUnstated: 0.3,
  noticesHybrid: 0.5,
  volunteers: 0.2,
};

/** Probability of quitting when `asked` questions have been put, the current ones included (0 asked: 0). */
export function quitRate(rates: UserRates, asked: number): number {
  return asked < 1 ? 0 : Math.min(1, rates.quits + rates.quitsPerFurther * (asked - 1));
}

function told(fact: number, rates: UserRates, draw: Draw): FactAct {
  const pick = draw("pick", fact);
  if (draw("refuse", fact) < rates.refuses) return { fact, does: "refuses", pick };
  return { fact, does: draw("wrong", fact) < rates.wrong ? "misleads" : "tells", pick };
}

function corrected(fact: number, rates: UserRates, draw: Draw): FactAct {
  return { fact, does: draw("wrong", fact) < rates.wrong ? "miscorrects" : "corrects", pick: draw("pick", fact) };
}

/** P(every fact comes out right), as the rates have it: right 1, wrong c(1−ε_w), asked (1−η)(1−ε_w). */
export function expectedSuccess(kind: Kind, stances: readonly Stance[], rates: UserRates): number {
  const noticed = noticeRate(kind, rates) * (1 - rates.wrong);
  const told = (1 - rates.refuses) * (1 - rates.wrong);
  return stances.reduce((chance, stance) => chance * (stance === "right" ? 1 : stance === "wrong" ? noticed : told), 1);
}

/** What is not left to chance: its probability is counted where the rewards are put together. */
export interface Forced {
  /** The user does not quit. */
  readonly stays: boolean;
  /** The user notices nothing (`false`), or at least one wrong assumption (`true`); null: as drawn. */
  readonly notices: boolean | null;
}

export const unforced: Forced = { stays: false, notices: null };

/** Probability of noticing one wrong assumption of a reply of this kind. */
function noticeRate(kind: Kind, rates: UserRates): number {
  if (kind === "ask") return 0;
  if (kind === "hybrid") return rates.noticesHybrid;
  return kind === "assume" ? rates.noticesStated : rates.noticesUnstated;
}

/** Probability that none of the wrong assumptions is noticed: ∏(1−c). */
export function unnoticed(kind: Kind, stances: readonly Stance[], rates: UserRates): number {
  const wrong = stances.reduce((sum, stance) => sum + Number(stance === "wrong"), 0);
  return (1 - noticeRate(kind, rates)) ** wrong;
}

/**
 * What the user does on meeting a reply.
 * @param stances how the reply treats each fact of the intent
 * @param turn simulated turn, from 0; a later turn's facts draw beyond the first's
 * @param askedBefore questions put in earlier turns of this future
 */
export function drawAct(
  kind: Kind,
  stances: readonly Stance[],
  rates: UserRates,
  draw: Draw,
  turn = 0,
  askedBefore = 0,
  forced: Forced = unforced,
): Act {
  const shift = turn * stances.length;
  const asked = stances.reduce((sum, stance) => sum + Number(stance === "asked"), 0);
  if (kind === "ask" && !forced.stays && draw("quit", turn) < quitRate(rates, askedBefore + asked))
    return { type: "quit" };
  if (kind === "hybrid" && draw("leave", turn) < rates.leavesHybrid) return { type: "accept" };
  const rate = noticeRate(kind, rates);
  let wrongLeft = stances.reduce((sum, stance) => sum + Number(stance === "wrong"), 0);
  let noticed = false;
  const facts: FactAct[] = [];
  stances.forEach((stance, index) => {
    const fact = index + shift;
    if (stance === "asked") facts.push({ ...told(fact, rates, draw), fact: index });
    if (stance !== "wrong") return;
    // Given that at least one is noticed and none was yet, the next one's chance is c / (1 − (1−c)^left).
    const needed = forced.notices === true && !noticed ? 1 - (1 - rate) ** wrongLeft : 1;
    wrongLeft -= 1;
    if (forced.notices === false || draw("notice", fact) * needed >= rate) return;
    noticed = true;
    facts.push({ ...corrected(fact, rates, draw), fact: index });
  });
  if (facts.length === 0 && (kind === "answer" || kind === "assume")) return { type: "accept" };
  return { type: "reply", facts, volunteers: rates.volunteers > 0 && draw("volunteer", turn) < rates.volunteers };
}

/** The act in a word or two, for the record: `accept`, `quit`, `tells`, `refuses`, `corrects` … joined by "+". */
export function actName(act: Act): string {
  if (act.type !== "reply") return act.type;
  const does = [...new Set(act.facts.map((fact) => fact.does))];
  return does.length === 0 ? "reply" : does.join("+");
}
