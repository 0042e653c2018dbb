import { accessSync, constants, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { EnvironmentError } from "../../lib/server/env.ts";
import { openKeeper } from "./database.ts";
import { type Connection, connectModels } from "./endpoint.ts";
import { evaluateSet, type Failure, type Surroundings, writeJson } from "./evaluate.ts";
import { HELP, type Options, readOptions } from "./options.ts";
import { NO_TALK } from "./policies/names.ts";
import { Problem, reasonOf } from "./problem.ts";
import { proofLine, proveOnRecords } from "./proof.ts";
import type { ChoiceResult, TalkResult } from "./results.ts";
import { openSet, setNames } from "./sets/open.ts";

const say = (line: string) => console.log(line);

async function run(options: Options, stop: AbortSignal): Promise<number> {
  const data = resolve(options.data);
  const names = options.sets.flatMap((name) => setNames(name, options.kind));
  if (names.length === 0 || options.policies.length === 0) throw new Problem("Name at least one set and one policy.");
  try {
    mkdirSync(join(options.out, "cases"), { recursive: true });
    accessSync(join(options.out, "cases"), constants.W_OK);
  } catch (error) {
    throw new Problem(`Nothing can be kept in ${options.out}: ${reasonOf(error)}. Name another folder with --out DIR.`);
  }
  const sets = await Promise.all(names.map((name) => openSet(name, data, options.part)));
  const odd = sets.find((set) => options.kind !== undefined && set.kind !== options.kind);
  if (odd) throw new Problem(`${odd.name} is a set of kind ${odd.kind}. Name sets of kind ${options.kind} with --set.`);
  const talk = sets.find((set) => set.kind === 2);
  const mute = options.policies.find((policy) => NO_TALK.includes(policy));
  if (talk && mute)
    throw new Problem(`The policy ${mute} does not hold conversations, and ${talk.name} is a set of them.`);
  if (names.includes("in3")) say(proofLine(await proveOnRecords(data)));
  let connection: Connection | null = null;
  const around: Surroundings = {
    models: async () => {
      connection ??= await connectModels(say, () => {}, stop);
      return connection.models;
    },
    keeper: await openKeeper(say),
    stop,
    say,
    output: process.stderr,
  };
  const results: (ChoiceResult | TalkResult)[] = [];
  let leftOut = 0;
  const write = () => {
    if (options.json === undefined) return;
    try {
      writeJson(options.json, results);
    } catch (error) {
      throw new Problem(`The results cannot be written to ${options.json}: ${reasonOf(error)}. They stand above.`);
    }
  };
  let failure: Failure | null = null;
  try {
    for (const set of sets) {
      const measured = await evaluateSet(set, options, around, !failure?.gone);
      results.push(...measured.results);
      leftOut += measured.leftOut;
      if (measured.failure && !failure?.gone) failure = measured.failure;
      write();
    }
    if (failure?.gone) {
      say(`\nStopped: ${stop.aborted ? "on request" : reasonOf(failure.cause)}`);
      say(`What was measured is kept in ${options.out}; the same command goes on from there.`);
      return 1;
    }
    if (failure !== null) say("\nNot every policy could be measured, as said above.");
    if (leftOut > 0)
      say(
        `\n${leftOut} ${leftOut === 1 ? "item was" : "items were"} left out, as said above; the same command measures them again.`,
      );
    return failure !== null || leftOut > 0 ? 1 : 0;
  } finally {
    await (connection as Connection | null)?.close();
    await around.keeper?.close();
  }
}

const interrupt = new AbortController();
process.once("SIGINT", () => interrupt.abort());
process.once("SIGTERM", () => interrupt.abort());

try {
  const options = readOptions(process.argv.slice(2));
  if (options === null) say(HELP);
  else process.exitCode = await run(options, interrupt.signal);
} catch (error) {
  if (!(error instanceof Problem || error instanceof EnvironmentError)) throw error;
  console.error(error.message);
  if (error instanceof EnvironmentError) console.error(error.cure);
  process.exitCode = 2;
}
