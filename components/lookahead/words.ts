import type { DecisionPart, Readings } from "@/lib/shared/events.ts";
import type { Kind } from "@/lib/shared/kinds.ts";
import type { Decision, StopReason } from "@/lib/shared/record.ts";
import { takenSentence } from "@/lib/shared/sentence.ts";

/** All words about a choice, made by template from what is stored and never by another model (engine.md section 4). */

export const kindNames: Record<Kind, string> = {
  answer: "Answer directly",
  assume: "Answer, assumptions stated",
  ask: "Ask first",
  hybrid: "Answer in part, and ask",
};

/** Said above a reply, so that nobody takes a question for an answer. Direct answers need no word. */
export const kindHeads: Record<Kind, string | null> = {
  answer: null,
  assume: "Assumptions stated",
  ask: "A question first",
  hybrid: "A first part, and a question",
};

export const stopWords: Record<StopReason, string> = {
  clear: "the request was judged clear",
  direct: "the preset “direct” does not look ahead",
  gate: "simulating was not worth its cost here",
  regret: "little could still be gained by looking further",
  value: "another round was not worth its calls",
  deadline: "the time for this turn was up",
  budget: "the largest number of rounds was played",
  answer_now: "you asked for the answer",
  single: "one candidate was left",
  fixed: "the policy's fixed number of futures was played",
  model_failed: "the model failed, so the leader so far was given",
};

const verbs: Record<Kind, string> = {
  answer: "Answered",
  assume: "Answered, assumptions stated",
  ask: "Asked first",
  hybrid: "Answered in part, and asked",
};

/** The why button's label: what was done, and on what ground. */
export function whyLabel(decision: DecisionPart): string {
  if (decision.sentence === takenSentence) return `${verbs[decision.chosen.kind]}, picked by you`;
  if (decision.path === "clear") return "Clear request, answered at once";
  if (decision.path === "direct") return "Answered directly, no lookahead";
  const verb = verbs[decision.chosen.kind];
  if (decision.stopReason === "answer_now") return `${verb}, on “answer now”`;
  if (decision.stopReason === "model_failed") return `${verb}, the model failed on the way`;
  if (decision.path === "prior") return `${verb}, not simulated`;
  const contrast = decision.contrast;
  if (contrast?.tooClose) return `${verb}, too close to call`;
  return `${verb}, chosen from ${decision.candidates.length}`;
}

/** What is still unclear: the readings that are left, by their short names; null where there is only one. */
export function unclearWords(readings: Readings | null): string | null {
  const names = (readings?.intents ?? [])
    .filter((intent) => !intent.other)
    .toSorted((a, b) => b.weight - a.weight)
    .slice(0, 3)
    .map((intent) => upperFirst((intent.label ?? intent.text).trim().replace(/[.?!]$/, "")));
  if (names.length > 1) return `Still unclear: ${names.join(" · ")}`;
  return readings?.unclear ? `Still unclear: ${readings.unclear}` : null;
}

export const upperFirst = (text: string): string => text.charAt(0).toLocaleUpperCase() + text.slice(1);

export function whyTitle(kind: Kind): string {
  if (kind === "ask") return "Why this question?";
  return kind === "hybrid" ? "Why this answer and question?" : "Why this answer?";
}

/** What the record may say about whether there was any lookahead; null where there was. */
export function noLookahead(decision: Decision): string | null {
  if (decision.path === "clear") return "No lookahead: the request was judged clear.";
  if (decision.path === "direct") return "No lookahead: the preset “direct” answers at once.";
  if (decision.path === "prior") return "Nothing was imagined here: this rests on the first estimate alone.";
  return null;
}
