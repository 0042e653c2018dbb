import type { DecisionPart } from "./events.ts";
import { asks } from "./kinds.ts";
import type { CandidateRecord, Decision } from "./record.ts";
import { sentenceOf } from "./sentence.ts";

const mostChips = 4;

/** The decision in short, as it goes into the stream. */
export function decisionPartOf(record: Decision): DecisionPart {
  const chosen = record.candidates.find((candidate) => candidate.id === record.chosenId);
  if (!chosen) throw new Error("The record names a chosen candidate that it does not hold.");
  const { path, stopReason, contrast, cost } = record;
  return {
    path,
    stopReason,
    chosen: chosenPartOf(chosen),
    candidates: record.candidates.map(({ id, kind, posterior, chosen }) => ({
      id,
      kind,
      best: posterior?.best ?? null,
      chosen,
    })),
    contrast,
    quickReplies: quickRepliesOf(record),
    sentence: sentenceOf(record),
    calls: cost.generating + cost.scoring,
    tokens: cost.tokensIn + cost.tokensOut,
    ms: record.ms.total,
  };
}

/** The reply that is shown, in short. */
export function chosenPartOf({ id, kind, finished }: CandidateRecord): DecisionPart["chosen"] {
  return finished ? { id, kind } : { id, kind, cut: true };
}

/** Under a question: one reply a reading, heaviest first, without "something else", which the person writes himself. */
export function quickRepliesOf(
  record: Pick<Decision, "intents" | "candidates" | "chosenId">,
): DecisionPart["quickReplies"] {
  const chosen = record.candidates.find((candidate) => candidate.id === record.chosenId);
  if (!chosen || !asks(chosen.kind)) return [];
  return record.intents
    .filter((intent) => !intent.other)
    .toSorted((a, b) => b.weight - a.weight)
    .slice(0, mostChips)
    .map((intent) => ({ intentId: intent.id, text: onOneLine(intent.label ?? intent.text) }));
}

/** Whole, however long: it is sent as the person's own words. A chip that has no room for it clips what it shows. */
const onOneLine = (text: string): string => text.replace(/\s+/gu, " ").trim();
