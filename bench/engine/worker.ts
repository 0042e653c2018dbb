import { parentPort, workerData } from "node:worker_threads";
import { futuresIn } from "../../lib/engine/recording.ts";
import type { SelectorModel } from "../../lib/engine/worlds/selector.ts";
import { contestants } from "./policies.ts";
import { problemOf, type SettingName } from "./settings.ts";

/** What one policy did on one instance: all that the tables need, and nothing that needs a record of its own. */
export interface Played {
  readonly chosen: string;
  readonly regret: number;
  readonly rollouts: number;
  readonly generating: number;
  readonly calls: number;
  /** Processor time of this thread less the world's share of it: what the engine itself computes. */
  readonly ms: number;
}

export interface Slice {
  readonly setting: SettingName;
  readonly model: SelectorModel | null;
  readonly seed: number;
  /** Instances first, first + step, … below `instances`. */
  readonly first: number;
  readonly step: number;
  readonly instances: number;
  readonly policies: readonly string[] | null;
}

export interface SliceResult {
  readonly index: number;
  readonly clear: boolean;
  readonly utilities: Readonly<Record<string, number>>;
  readonly instance: Record<string, unknown>;
  /** By policy, in the order of `contestants`. */
  readonly played: readonly Played[];
}

export async function playSlice(slice: Slice): Promise<SliceResult[]> {
  const list = contestants(slice.setting, slice.policies);
  const results: SliceResult[] = [];
  for (let index = slice.first; index < slice.instances; index += slice.step) {
    const problem = problemOf(slice.setting, slice.model, slice.seed, index);
    const best = Math.max(...Object.values(problem.utilities));
    const played: Played[] = [];
    for (const contestant of list) {
      const policy = contestant.policy(problem);
      const world = { ms: 0 };
      const [began, used] = [performance.now(), process.threadCpuUsage()];
      const record = await problem.play(policy, contestant.useful, world);
      const { user, system } = process.threadCpuUsage(used);
      const taken = performance.now() - began;
      played.push({
        chosen: record.chosenId,
        regret: best - (problem.utilities[record.chosenId] ?? Number.NaN),
        rollouts: futuresIn(record),
        generating: record.cost.generating,
        calls: record.cost.generating + record.cost.scoring,
        ms: ((user + system) / 1000) * Math.max(0, 1 - world.ms / taken),
      });
    }
    results.push({ index, clear: problem.clear, utilities: problem.utilities, instance: problem.describe(), played });
  }
  return results;
}

if (parentPort) parentPort.postMessage(await playSlice(workerData as Slice));
