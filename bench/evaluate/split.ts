import type { Part } from "./form.ts";
import { hashed } from "./random.ts";

/**
 * Which half a group belongs to. By a hash of the group's name, so that it never moves when a set grows or is
 * reordered, and so that no problem, story or instruction is both tuned on and tested on.
 */
export function partOf(group: string): "tuning" | "test" {
  return hashed(group) < 0.5 ? "tuning" : "test";
}

export function inPart<T extends { id: string; group?: string | undefined }>(items: readonly T[], part: Part): T[] {
  if (part === "all") return [...items];
  return items.filter((item) => partOf(item.group ?? item.id) === part);
}

/**
 * The n items that a seed stands for, always the same and in the same order, so that policies are paired and a
 * longer run contains a shorter one. Labels are taken in turn: half of each as long as both last, since AUC,
 * balanced accuracy and asking rates do not depend on the shares, and need the rarer label.
 */
export function chooseItems<T extends { id: string; label?: string }>(
  items: readonly T[],
  n: number | undefined,
  seed: number,
): T[] {
  const queues = new Map<string, T[]>();
  const order = new Map(items.map((item) => [item, hashed(`${seed}:${item.id}`)]));
  for (const item of [...items].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0))) {
    const label = item.label ?? "";
    const queue = queues.get(label);
    if (queue) queue.push(item);
    else queues.set(label, [item]);
  }
  const turns = [...queues.keys()].sort().map((key) => queues.get(key) ?? []);
  const chosen: T[] = [];
  for (let round = 0; chosen.length < items.length; round++) {
    for (const queue of turns) {
      const item = queue[round];
      if (item) chosen.push(item);
    }
  }
  return chosen.slice(0, n ?? chosen.length);
}
