import { parseArgs } from "node:util";

export interface Options {
  readonly seed: number;
  readonly instances: number;
  readonly json: string | null;
  readonly dump: string | null;
  /** Where the curve of regret against budget is drawn, where there is one to draw. */
  readonly svg: string;
  /** Degrade what the engine is told and show how regret moves, instead of the comparison of policies. */
  readonly robust: boolean;
  /** Show what stopping in hindsight would have brought, instead. */
  readonly limits: boolean;
  readonly help: boolean;
  readonly workers: number;
  /** Only these settings and policies; null = all. */
  readonly settings: readonly string[] | null;
  readonly policies: readonly string[] | null;
}

export const usage = `npm run bench:engine -- [options]
  --seed N          instances of the run (20251121)
  --instances N     a setting (2000)
  --settings A,B    only these
  --policies A,B    only these
  --workers N       threads (2)
  --json FILE       the rows of the tables
  --dump FILE       the instances with their exact utilities and parley's choice; its fields: bench/engine/dump.ts
  --svg FILE        regret against budget as a picture (bench/out/engine.svg)
  --robust          how regret moves when what the engine is told is wrong, instead
  --limits          what the best possible stopping rule would lose on the same observations, instead`;

/** Reads the command line; throws a RangeError that names what is wrong. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: "string", default: "20251121" },
      instances: { type: "string", default: "2000" },
      json: { type: "string" },
      dump: { type: "string" },
      svg: { type: "string", default: "bench/out/engine.svg" },
      robust: { type: "boolean", default: false },
      limits: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
      workers: { type: "string", default: "2" },
      settings: { type: "string" },
      policies: { type: "string" },
    },
  });
  const whole = (name: "seed" | "instances" | "workers", least: number): number => {
    const value = Number(values[name]);
    if (!Number.isSafeInteger(value) || value < least)
      throw new RangeError(`--${name} must be a whole number of at least ${least}. \n${usage}`);
    return value;
  };
  return {
    seed: whole("seed", 0),
    instances: whole("instances", 2),
    json: values.json ?? null,
    dump: values.dump ?? null,
    svg: values.svg,
    robust: values.robust,
    limits: values.limits,
    help: values.help,
    workers: whole("workers", 1),
    settings: values.settings?.split(",") ?? null,
    policies: values.policies?.split(",") ?? null,
  };
}
