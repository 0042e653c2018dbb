import type { CandidateRecord, Decision, RolloutRecord } from "@/lib/shared/record.ts";
import { interval80, meanOf } from "./numbers.ts";
import type { MeanRecord } from "./types.ts";

export type Part = "goal" | "effort" | "interaction";

/** One part of the reward for two candidates, and their difference over the futures they share. */
export type PartContrast = {
  part: Part;
  chosen: MeanRecord | null;
  other: MeanRecord | null;
  /** Chosen minus other, paired; null where they share no future. */
  difference: MeanRecord | null;
  interval: readonly [number, number] | null;
};

const rewardOf = { goal: "extrinsic", effort: "cost", interaction: "interaction" } as const;

/** The candidate the record contrasts the choice with: another kind where there is one. */
export function otherOf(decision: Decision): CandidateRecord | null {
  const chosen = decision.candidates.find((each) => each.id === decision.chosenId);
  const named = decision.candidates.find((each) => each.id === decision.contrast?.otherId);
  if (named !== undefined) return named;
  const rest = decision.candidates
    .filter((each) => each.id !== decision.chosenId && each.kind !== chosen?.kind)
    .toSorted((a, b) => (b.posterior?.mean ?? 0) - (a.posterior?.mean ?? 0));
  return rest[0] ?? null;
}

/**
 * Differences are paired: the same intent and the same draws of the simulated user, block by block. That is why they may be
 * shown where a winner's raw mean may not (it is inflated by having won).
 */
export function contrastParts(decision: Decision, chosen: CandidateRecord, other: CandidateRecord): PartContrast[] {
  const pairs = pair(played(decision, chosen.id), played(decision, other.id));
  return (["goal", "effort", "interaction"] as const).map((part) => {
    const values = pairs.map(([mine, theirs]) => partOf(mine, part) - partOf(theirs, part));
    const difference = values.length === 0 ? null : meanOf(values);
    return {
      part,
      chosen: chosen[part],
      other: other[part],
      difference,
      interval: difference === null ? null : interval80(difference),
    };
  });
}

function played(decision: Decision, candidateId: string): RolloutRecord[] {
  return decision.rollouts.filter((each) => each.candidateId === candidateId && each.state === "done" && each.reward);
}

const partOf = (rollout: RolloutRecord, part: Part): number => rollout.reward?.[rewardOf[part]] ?? 0;

/** A block may draw an intent twice; its pairs are then made in order. */
function pair(mine: readonly RolloutRecord[], theirs: readonly RolloutRecord[]): [RolloutRecord, RolloutRecord][] {
  const left = [...theirs];
  const pairs: [RolloutRecord, RolloutRecord][] = [];
  for (const rollout of mine) {
    const index = left.findIndex((each) => each.block === rollout.block && each.intentId === rollout.intentId);
    const match = left[index];
    if (match === undefined) continue;
    left.splice(index, 1);
    pairs.push([rollout, match]);
  }
  return pairs;
}

/** Up to three futures to show: the best, a middle one and always the worst, best first. */
export function futuresToShow(decision: Decision, candidateId: string): { rollout: RolloutRecord; worst: boolean }[] {
  const sorted = played(decision, candidateId).toSorted((a, b) => (b.reward?.total ?? 0) - (a.reward?.total ?? 0));
  const worst = sorted.at(-1);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  const shown = [...new Set([sorted[0], middle, worst])].filter((each) => each !== undefined);
  return shown.map((rollout) => ({ rollout, worst: sorted.length > 1 && rollout === worst }));
}
