/**
 * The only reader of process.env. Every variable of the contract is named, checked and explained here.
 * Plain Node runs this file too, so it imports relatively and knows nothing of the framework.
 */
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { presetSchema } from "../shared/kinds.ts";
import { shapeOf } from "./shape.ts";

/** What OpenAI itself serves when nobody names a model: small, and it gives temperature and log-probabilities. */
export const DEFAULT_OPENAI_MODEL = "gpt-4.1-mini";
export const OPENAI_BASE_URL = "https://api.openai.com/v1";
/** How long asking the models what they can do may take at a start, ms. Whoever waits for the server waits longer. */
export const CONNECT_MS = 120_000;

function cacheHome(env: Record<string, string | undefined>): string {
  if (process.platform === "darwin") return join(homedir(), "Library/Caches/parley");
  if (process.platform === "win32") return join(env.LOCALAPPDATA || homedir(), "parley");
  return join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "parley");
}

const url = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), { abort: true });

/** Nothing but an address: a name, a password or a query in it may be a secret, and addresses are shown. */
const isBare = (text: string): boolean => {
  const { username, password, search, hash } = new URL(text);
  return username + password + search + hash === "";
};

/** Shape and cure of each variable; the message never repeats the value, which may be a secret. */
const variables = {
  PORT: {
    schema: z.coerce.number().int().min(1).max(65_535).default(3000),
    cure: "Give a port from 1 to 65535, for example PORT=3000.",
  },
  DATABASE_URL: {
    schema: url("postgresql:", "postgres:").optional(),
    cure: "Give postgresql://user:password@host:5432/database, or leave it out for the embedded Postgres.",
  },
  OPENAI_API_KEY: {
    schema: z.string().regex(/^\S+$/).optional(),
    cure: "Give the key alone, without spaces, quotes or line breaks.",
  },
  OPENAI_BASE_URL: {
    schema: url("http:", "https:")
      .refine(isBare)
      .transform((text) => text.replace(/\/+$/, ""))
      .optional(),
    cure: "Give the address alone, up to and including /v1, for example OPENAI_BASE_URL=http://localhost:11434/v1. A key goes into OPENAI_API_KEY.",
  },
  OPENAI_MODEL: { schema: z.string().optional(), cure: "Give a model's id as the endpoint names it." },
  SIMULATOR_MODEL: { schema: z.string().optional(), cure: "Give a model's id as the endpoint names it." },
  JUDGE_MODEL: { schema: z.string().optional(), cure: "Give a model's id as the endpoint names it." },
  PARLEY_PRESET: {
    schema: presetSchema.default("balanced"),
    cure: `Give one of ${presetSchema.options.join(", ")}.`,
  },
  PARLEY_SECRET: {
    schema: z.string().min(32).optional(),
    cure: "Give at least 32 characters, for example from `openssl rand -hex 32`, or leave it out to have one made.",
  },
  PARLEY_DATA: { schema: z.string().default(".data"), cure: "Give a folder." },
  PARLEY_CACHE: { schema: z.string().optional(), cure: "Give a folder." },
} as const;

type Name = keyof typeof variables;

/** A variable whose value cannot be used: which one, what the value looks like, and the cure. */
export class EnvironmentError extends Error {
  readonly variable: string;
  readonly cure: string;

  constructor(variable: Name, value: string | undefined) {
    super(`${variable} cannot be used: it is ${shapeOf(value)}.`);
    this.name = "EnvironmentError";
    this.variable = variable;
    this.cure = variables[variable].cure;
  }
}

export type Environment = ReturnType<typeof parseEnvironment>;

/**
 * Reads and checks the contract's variables; an empty one counts as unset.
 * @throws EnvironmentError for the first that cannot be used.
 */
export function parseEnvironment(source: Record<string, string | undefined>) {
  const read = <N extends Name>(name: N): z.infer<(typeof variables)[N]["schema"]> => {
    const value = source[name]?.trim() || undefined;
    const parsed = variables[name].schema.safeParse(value);
    if (!parsed.success) throw new EnvironmentError(name, value);
    return parsed.data as z.infer<(typeof variables)[N]["schema"]>;
  };
  const openaiModel = read("OPENAI_MODEL");
  return {
    port: read("PORT"),
    databaseUrl: read("DATABASE_URL"),
    openaiApiKey: read("OPENAI_API_KEY"),
    openaiBaseUrl: read("OPENAI_BASE_URL"),
    openaiModel,
    simulatorModel: read("SIMULATOR_MODEL") ?? openaiModel,
    judgeModel: read("JUDGE_MODEL") ?? openaiModel,
    preset: read("PARLEY_PRESET"),
    secret: read("PARLEY_SECRET"),
    // The bundler takes a path it cannot foresee for "any file of the project" and would trace them all.
    dataFolder: resolve(/*turbopackIgnore: true*/ read("PARLEY_DATA")),
    cacheFolder: resolve(/*turbopackIgnore: true*/ read("PARLEY_CACHE") ?? cacheHome(source)),
    production: source.NODE_ENV === "production",
    /** Set by `npm start` alone: which embedded model serves, down to its version. Not part of the contract. */
    embeddedModel: source.PARLEY_EMBEDDED_MODEL || undefined,
    /** Set by `npm start` alone: Next leaves the process's end to lib/server/start.ts. */
    endsItself: source.NEXT_MANUAL_SIG_HANDLE === "true",
  };
}

let known: Environment | undefined;

/** This process's environment, checked once. */
export function environment(): Environment {
  known ??= parseEnvironment(process.env);
  return known;
}

/** The environment a child gets: ours, with what only the parent knows added. */
export function childEnvironment(added: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, ...added };
}
