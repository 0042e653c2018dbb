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

/**
 * What the user does on meeting a reply.
 * @param stances how the reply treats each fact of the intent
 * @param turn simulated turn, from 0; a later turn's facts draw beyond the first's
 * @param askedBefore questions put in earlier turns of this future
 * @param stays the user does not quit (its chance is counted elsewhere)
 */
export function drawAct(
  kind: Kind,
  stances: readonly Stance[],
  rates: UserRates,
  draw: Draw,
  turn = 0,
  askedBefore = 0,
  stays = false,
): Act {
  const shift = turn * stances.length;
  const asked = stances.reduce((sum, stance) => sum + (stance === "asked" ? 1 : 0), 0);
  if (kind === "ask" && !stays && draw("quit", turn) < quitRate(rates, askedBefore + asked)) return { type: "quit" };
  if (kind === "hybrid" && draw("leave", turn) < rates.leavesHybrid) return { type: "accept" };
  const noticing = { ask: 0, answer: rates.noticesUnstated, assume: rates.noticesStated, hybrid: rates.noticesHybrid };
  const facts: FactAct[] = [];
  stances.forEach((stance, index) => {
    const fact = index + shift;
    if (stance === "asked") facts.push({ ...told(fact, rates, draw), fact: index });
    else if (stance === "wrong" && draw("notice", fact) < noticing[kind])
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
