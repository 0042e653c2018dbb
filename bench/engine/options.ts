import { parseArgs } from "node:util";

export interface Options {
  readonly seed: number;
  readonly instances: number;
  readonly json: string | null;
  readonly dump: string | null;
  readonly svg: string | null;
  /** Degrade what the engine is told and show how regret moves, instead of the comparison of policies. */
  readonly robust: boolean;
  readonly workers: number;
  /** Only these settings and policies; null = all. */
  readonly settings: readonly string[] | null;
  readonly policies: readonly string[] | null;
}

const usage =
  "npm run bench:engine -- [--seed N] [--instances N] [--json FILE] [--dump FILE] [--svg FILE] [--robust] [--workers N] [--settings A,B] [--policies A,B]";

/** Reads the command line; throws a RangeError that names what is wrong. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: "string", default: "20251121" },
      instances: { type: "string", default: "2000" },
      json: { type: "string" },
      dump: { type: "string" },
      svg: { type: "string" },
      robust: { type: "boolean", default: false },
      workers: { type: "string", default: "2" },
      settings: { type: "string" },
      policies: { type: "string" },
    },
  });
  const whole = (name: "seed" | "instances" | "workers", least: number): number => {
    const value = Number(values[name]);
    if (!Number.isSafeInteger(value) || value < least)
      throw new RangeError(`--${name} must be a whole number of at least ${least}. Usage: ${usage}`);
    return value;
  };
  return {
    seed: whole("seed", 0),
    instances: whole("instances", 2),
    json: values.json ?? null,
    dump: values.dump ?? null,
    svg: values.svg ?? null,
    robust: values.robust,
    workers: whole("workers", 1),
    settings: values.settings?.split(",") ?? null,
    policies: values.policies?.split(",") ?? null,
  };
}
