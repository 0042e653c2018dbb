import type { Kind } from "./kinds.ts";
import type { Decision } from "./record.ts";

/** What the sentence is made of. */
export type Told = Pick<Decision, "path" | "stopReason" | "candidates" | "chosenId" | "contrast" | "explored">;

const doing: Record<Kind, string> = {
  answer: "answering directly",
  assume: "answering with stated assumptions",
  ask: "asking first",
  hybrid: "a partial answer with a question",
};

/** What cut the choice short; the other stop reasons say nothing that a person needs. */
const endings: Partial<Record<Decision["stopReason"], string>> = {
  answer_now: " You asked for the answer before more could be tried.",
  deadline: " Time ran out before more could be tried.",
  model_failed: " The model failed on the way; this was the best reply so far.",
};

/** Of a reply that the person took instead of the one shown first. The page tells it by these words. */
export const takenSentence = "You chose this reply over the one that was shown first.";

/** Why this reply, in plain words made from stored numbers alone. Claims no more than the record can carry (engine.md section 4). */
export function sentenceOf(record: Told): string {
  if (record.path === "clear") return "The request looked clear, so it was answered at once, without looking ahead.";
  if (record.path === "direct") return "Answered at once: this preset does not look ahead.";
  return reason(record) + (endings[record.stopReason] ?? "");
}

function reason(record: Told): string {
  const kindOf = (id: string) => record.candidates.find((candidate) => candidate.id === id)?.kind ?? "answer";
  const chosen = doing[kindOf(record.chosenId)];
  if (record.explored) return `Chosen by chance among the good replies, to learn from it: ${chosen}.`;
  const { contrast } = record;
  if (!contrast)
    return record.candidates.length < 2
      ? `Only one reply could be drafted: ${chosen}.`
      : `Chosen: ${chosen}. No reply of another kind was left to compare with.`;
  const other = doing[kindOf(contrast.otherId)];
  if (record.path === "prior" || contrast.n === 0)
    return `Chosen from how the request reads, nothing was simulated: ${chosen} rather than ${other}.`;
  const tried = `${contrast.n} imagined ${contrast.n === 1 ? "follow-up" : "follow-ups"} each`;
  if (contrast.tooClose)
    return `Too close to call after ${tried} between ${chosen} and ${other}. ${tieBreak(contrast.mean)}`;
  const wide = contrast.hi - contrast.lo > 0.1;
  const number = (value: number) => signless(value.toFixed(wide ? 1 : 2));
  const by = number(Math.abs(contrast.mean));
  const slight = Number(by) === 0;
  const direction = contrast.mean > 0 ? "ahead of" : "behind";
  const interval = `${Math.round(contrast.level * 100)} % interval ${number(contrast.lo)} to ${number(contrast.hi)}`;
  return `After ${tried}, ${chosen} came out ${slight ? "slightly " : ""}${direction} ${other}${slight ? "" : ` by ${by}`} (${interval}).`;
}

/** Why the one and not the other where the futures do not settle it: the higher estimate, or the tie rule (docs/engine.md). */
const tieBreak = (lead: number): string =>
  lead > 0 ? "The one sent had the slightly better estimate." : "They were about equal, so the safer one was sent.";

/** "-0.0" is no number a person writes; a true minus sign for the others. */
const signless = (text: string): string => (Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−"));
