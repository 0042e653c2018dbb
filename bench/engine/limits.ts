import type { SettingName } from "./settings.ts";
import type { SliceResult } from "./worker.ts";

/** Where an instance could have been left: after no block, one, two, …, with what it cost and what it lost. */
export interface Stop {
  readonly rollouts: number;
  readonly regret: number;
}

/**
 * The least mean regret of any rule that stops these sequences of blocks, at no more than `budget` rollouts a turn: it knows
 * the truth and buys where a rollout saves most. No rule that only sees the observations can be below it.
 */
export function hindsight(sequences: readonly (readonly Stop[])[], budget: number): Stop {
  const choose = (price: number): Stop => {
    let rollouts = 0;
    let regret = 0;
    for (const sequence of sequences) {
      let best: Stop | null = null;
      const worth = (stop: Stop) => stop.regret + price * stop.rollouts;
      for (const stop of sequence) if (best === null || worth(stop) < worth(best)) best = stop;
      rollouts += (best?.rollouts ?? 0) / sequences.length;
      regret += (best?.regret ?? 0) / sequences.length;
    }
    return { rollouts, regret };
  };
  let [free, dear] = [0, 1];
  if (choose(free).rollouts <= budget) return choose(free);
  for (let step = 0; step < 40; step += 1) {
    const price = (free + dear) / 2;
    if (choose(price).rollouts <= budget) dear = price;
    else free = price;
  }
  return choose(dear);
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** What stopping could have brought at most. `names`: parley first, then the stages of `policies.ts`. */
export function limits(setting: SettingName, results: readonly SliceResult[]): string {
  const parley = results.flatMap(({ played }) => played.slice(0, 1));
  const sequences = results.map(({ played }) => played.slice(1));
  const budget = mean(parley.map(({ rollouts }) => rollouts));
  const best = hindsight(sequences, budget);
  const unbound = hindsight(sequences, Number.POSITIVE_INFINITY);
  const last = sequences.flatMap((sequence) => sequence.slice(-1));
  const figure = ({ rollouts, regret }: Stop) => `${regret.toFixed(4)} at ${rollouts.toFixed(1)} rollouts`;
  const whole = { rollouts: mean(last.map((one) => one.rollouts)), regret: mean(last.map((one) => one.regret)) };
  return [
    `limit, ${setting}: parley ${figure({ rollouts: budget, regret: mean(parley.map((one) => one.regret)) })}`,
    `  stopped in hindsight at no more: ${figure(best)}; at any cost: ${figure(unbound)}; never stopped: ${figure(whole)}`,
  ].join("\n");
}
