import type { DecisionPart } from "../shared/events.ts";
import type { Kind } from "../shared/kinds.ts";
import type { Decision } from "../shared/record.ts";
import { quickReplies } from "./recording.ts";

const doing: Readonly<Record<Kind, string>> = {
  answer: "answering directly",
  assume: "answering with stated assumptions",
  ask: "asking first",
  hybrid: "answering in part and asking",
};

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** A signed difference with no more decimals than its interval bears: two only where it is at most 0.1 wide. */
export function difference(mean: number, lo: number, hi: number): string {
  const digits = hi - lo > 0.1 ? 1 : 2;
  const text = (value: number) => {
    const rounded = value.toFixed(digits);
    const plain = Number(rounded) === 0 ? (0).toFixed(digits) : rounded;
    return plain.startsWith("-") ? `−${plain.slice(1)}` : `+${plain}`;
  };
  return `${text(mean)} (80 %: ${text(lo)} to ${text(hi)})`;
}

/** One plain sentence from stored numbers; never another model call (engine.md section 4). */
export function sentenceOf(record: Decision): string {
  const chosen = record.candidates.find((candidate) => candidate.id === record.chosenId);
  const kind = chosen?.kind ?? "answer";
  if (record.stopReason === "answer_now" && record.rollouts.length === 0)
    return "You asked for the answer now, so nothing was tried first.";
  if (record.path === "clear") return "No lookahead: the request was judged clear.";
  if (record.path === "direct") return "No lookahead: this setting replies at once.";
  const { contrast } = record;
  const rival = record.candidates.find((candidate) => candidate.id === contrast?.otherId);
  if (record.explored) return `${capital(doing[kind])} was tried at random this time, to learn how such replies fare.`;
  if (record.path === "prior" || contrast === null || rival === undefined || contrast.n === 0)
    return `${capital(doing[kind])} was chosen from what was expected beforehand; not simulated, prior only.`;
  const futures = contrast.n === 1 ? "1 imagined future" : `${contrast.n} imagined futures`;
  if (contrast.tooClose)
    return `Too close to call: ${doing[kind]} and ${doing[rival.kind]} came out alike in ${futures}.`;
  const gap = difference(contrast.mean, contrast.lo, contrast.hi);
  return `${capital(doing[kind])} came out ahead of ${doing[rival.kind]} by ${gap} over ${futures}.`;
}

/** The decision in short, for the stream. */
export function decisionPart(record: Decision): DecisionPart {
  const chosen = record.candidates.find((candidate) => candidate.id === record.chosenId);
  return {
    path: record.path,
    stopReason: record.stopReason,
    chosen: { id: record.chosenId, kind: chosen?.kind ?? "answer" },
    candidates: record.candidates.map((candidate) => ({
      id: candidate.id,
      kind: candidate.kind,
      best: candidate.posterior?.best ?? null,
      chosen: candidate.chosen,
    })),
    contrast: record.contrast,
    quickReplies: quickReplies(record),
    sentence: sentenceOf(record),
    calls: record.cost.generating + record.cost.scoring,
    tokens: record.cost.tokensIn + record.cost.tokensOut,
    ms: record.ms.total,
  };
}
