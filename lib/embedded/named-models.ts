import type { Environment } from "../server/env.ts";
import { shapeOf } from "../server/shape.ts";
import { StartError } from "./start-error.ts";

type Names = Pick<Environment, "openaiModel" | "simulatorModel" | "judgeModel">;
/** Whether the endpoint answers to this name although its list leaves it out. */
type Answers = (name: string) => Promise<boolean>;

const shown = 5;

/** Ollama lists "llama3:latest" and takes "llama3"; OpenRouter lists "vendor/model" and takes "vendor/model:online". */
function isListed(name: string, listed: readonly string[]): boolean {
  return [name, `${name}:latest`, name.replace(/:[^:]*$/, "")].some((each) => listed.includes(each));
}

function sharedStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

/** Some of the names, first those that begin as the wrong one does: a slip of the hand finds its right name there. */
function namesNear(wrong: string, listed: readonly string[]): string {
  const near = [...listed].sort((a, b) => sharedStart(b, wrong) - sharedStart(a, wrong)).slice(0, shown);
  const more = listed.length - near.length;
  return more > 0 ? `${near.join(", ")} (and ${more} more)` : near.join(", ");
}

/**
 * Holds each model that is set against the endpoint's own list, so that a wrong name is said at the start and not in a chat.
 * @throws StartError for the first that is not there; it names the variable and shows no value.
 */
export async function checkNames(
  where: string,
  { openaiModel, simulatorModel, judgeModel }: Names,
  listed: readonly string[],
  answers: Answers,
): Promise<void> {
  const set = { OPENAI_MODEL: openaiModel, SIMULATOR_MODEL: simulatorModel, JUDGE_MODEL: judgeModel };
  for (const [variable, name] of Object.entries(set)) {
    if (name === undefined || isListed(name, listed) || (await answers(name))) continue;
    const problem = `${variable}: ${where} has no such model; the value is ${shapeOf(name)}.`;
    throw new StartError(problem, `Give a name that it lists, or leave it out: ${namesNear(name, listed)}.`);
  }
}
