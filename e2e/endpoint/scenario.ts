import { readFileSync } from "node:fs";
import { z } from "zod";

/**
 * What the double plays, as data. A topic is chosen by what the person wrote; everything that the assistant, the simulated
 * person and the judge say about it stands here. Probabilities in [0,1], times in milliseconds.
 */
export const failures = [
  "500", // an error before anything is sent
  "401",
  "408",
  "429", // with Retry-After
  "disconnect", // the connection dies in the middle of the answer
  "silence", // headers, one word, then nothing for ever
  "endless", // never stops, whatever max_tokens says
  "malformed", // whole, but not what was asked for: half of the JSON, words instead of digits
  "garbled", // a stream whose bytes are not JSON
] as const;
export type Failure = (typeof failures)[number];

const probability = z.number().min(0).max(1);
const usefulSchema = z.object({ answer: probability, assume: probability, ask: probability, hybrid: probability });

const readingSchema = z.object({
  wish: z.string(),
  label: z.string().optional(),
  weight: probability,
  /** How far each draft meets this wish. */
  useful: usefulSchema,
  /** What a person with this wish says when asked or when put right. */
  told: z.string(),
  /** The reply to somebody who said so; meets the wish. */
  final: z.string(),
});

const topicSchema = z.object({
  /** A regular expression (case ignored), looked for in the person's messages. */
  match: z.string(),
  /** Only the first message of a conversation, or only later ones. */
  turn: z.enum(["first", "later"]).optional(),
  clear: probability,
  answer: z.string(),
  assume: z.string().optional(),
  ask: z.string().optional(),
  hybrid: z.string().optional(),
  readings: z.array(readingSchema).default([]),
  /** What goes wrong with every call about this topic, or with those of the roles named. */
  fail: z.enum(failures).optional(),
  failRoles: z.array(z.string()).optional(),
  /** Only so many calls go wrong; unset: all. */
  failTimes: z.number().int().positive().optional(),
});
export type Topic = z.infer<typeof topicSchema>;
export type Reading = z.infer<typeof readingSchema>;

const instanceSchema = z.object({
  p: z.array(z.array(probability).readonly()).readonly(),
  eta: probability,
  wrong: probability,
  hQ: probability,
  hx: probability,
  hH: probability,
  cD: probability,
  cA: probability,
  cH: probability,
  q: z.record(z.string(), probability),
  partial: z.boolean(),
  clear: z.boolean(),
});

export const scenarioSchema = z.object({
  name: z.string(),
  seed: z.number().int().default(1),
  model: z.string().default("scripted"),
  can: z
    .object({
      logprobs: z.boolean().default(true),
      jsonSchema: z.boolean().default(true),
      completions: z.boolean().default(true),
      echo: z.boolean().default(true),
      /** Gets the probe's four plain requests right in words. */
      judges: z.boolean().default(true),
    })
    .prefault({}),
  contextLength: z.number().int().positive().nullable().default(8192),
  slots: z.number().int().positive().nullable().default(24),
  /** Lognormal: median, and the s.d. of its logarithm. `tokenMs` passes between two tokens. */
  latency: z
    .object({ medianMs: z.number().nonnegative(), sigma: z.number().nonnegative(), tokenMs: z.number().nonnegative() })
    .prefault({ medianMs: 0, sigma: 0, tokenMs: 0 }),
  /** Shares of all calls that go wrong, drawn from the seed. Probes are spared. */
  trouble: z
    .object({
      errors: probability.default(0),
      malformed: probability.default(0),
      disconnects: probability.default(0),
      rateLimited: probability.default(0),
    })
    .prefault({}),
  retryAfterSeconds: z.number().nonnegative().default(1),
  topics: z.array(topicSchema).default([]),
  /** Instances of the exact world `slots` (engine.md 5.1) by name: "request NAME" begins a conversation about one. */
  instances: z.record(z.string(), instanceSchema).default({}),
});
export type Scenario = z.infer<typeof scenarioSchema>;

export const scenario = (data: z.input<typeof scenarioSchema>): Scenario => scenarioSchema.parse(data);
/** A file may extend another of `scenarios/` by name: its own top-level values take the place of the other's. */
export const readScenario = (file: string | URL): Scenario => scenarioSchema.parse(merged(file));

function merged(file: string | URL): Record<string, unknown> {
  const { extends: base, ...own } = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(file, "utf8")));
  return typeof base === "string" ? { ...merged(fileOf(base)), ...own } : own;
}

const fileOf = (name: string): URL => {
  if (!/^[a-z0-9-]+$/.test(name)) throw new Error(`No scenario is called ${JSON.stringify(name)}.`);
  return new URL(`./scenarios/${name}.json`, import.meta.url);
};
/** One of the scenarios in `e2e/endpoint/scenarios`, by name. */
export const namedScenario = (name: string): Scenario => readScenario(fileOf(name));
