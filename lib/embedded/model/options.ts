import { parseArgs } from "node:util";
import { leastContext } from "./memory.ts";

export interface CliOptions {
  readonly help: boolean;
  readonly list: boolean;
  readonly port: number;
  readonly host: string;
  readonly model: string | undefined;
  readonly slots: number | undefined;
  readonly context: number | undefined;
  readonly threads: number | undefined;
  readonly key: string | undefined;
  readonly cache: string | undefined;
  /** Most memory of the prefix cache. */
  readonly cacheBytes: number | undefined;
}

export const usage = `npm run model -- [options]

  --port N        port to listen on (8089; 0 = any free one)
  --host NAME     address to listen on (127.0.0.1: this machine only)
  --model NAME    a known model (see --list) or the path of a GGUF file
  --slots N       sequences served at once (16, or what fits)
  --context N     tokens of prompt and answer together (4096, or what fits; no more than the model was trained on)
  --threads N     processor cores to use, always (all, less those that other programs use)
  --key TEXT      bearer key that requests must bring
  --prefixes MB   memory for prompts that were read (1000, or what is left; 0 = none)
  --cache FOLDER  where weights are kept
  --list          show the known models and what is cached`;

export class UsageError extends Error {
  override readonly name = "UsageError";
}

function whole(name: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new UsageError(`--${name} must be a whole number from ${least} to ${most}, not "${text}".`);
}

/** @throws UsageError with what is wrong. */
export function parseOptions(args: readonly string[]): CliOptions {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  let values: ReturnType<typeof read>["values"];
  const read = () =>
    parseArgs({
      args: [...args],
      options: {
        help: flag,
        list: flag,
        port: text,
        host: text,
        model: text,
        slots: text,
        context: text,
        threads: text,
        key: text,
        cache: text,
        prefixes: text,
      },
    });
  try {
    values = read().values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
  const prefixes = whole("prefixes", values.prefixes, 0, 1_000_000);
  return {
    help: values.help ?? false,
    list: values.list ?? false,
    port: whole("port", values.port, 0, 65_535) ?? 8_089,
    host: values.host ?? "127.0.0.1",
    model: values.model,
    slots: whole("slots", values.slots, 1, 256),
    context: whole("context", values.context, leastContext, 1_000_000),
    threads: whole("threads", values.threads, 1, 1_024),
    key: values.key,
    cache: values.cache,
    cacheBytes: prefixes === undefined ? undefined : prefixes * 1e6,
  };
}
