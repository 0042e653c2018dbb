import type { Message } from "../../../lib/engine/ports.ts";
import { asks } from "../../../lib/shared/kinds.ts";
import { asksForMore } from "../asking.ts";
import type { TalkCase } from "../cases.ts";
import { statedAnswer } from "../check.ts";
import type { TalkItem } from "../form.ts";
import { meetPerson, react } from "../person.ts";
import { costOf, seedFor } from "./choice.ts";
import { enginePolicy, PROACTIVE, runTurn, type TurnInput } from "./turns.ts";

export const MOST_TURNS = 8;
/** The product's rule (lib/turns): among the last six replies at most three may have asked. */
const RECENT_REPLIES = 6;
const MOST_QUESTIONS = 3;

export type TalkInput = Pick<TurnInput, "models" | "parallel" | "stop"> & {
  name: string;
  preset: TurnInput["policy"]["preset"] | undefined;
  seed: number;
  item: TalkItem;
};

type Shown = { role: string; text: string; path?: string };

/** One conversation of kind 2, from the first message to a right answer, the second late wrong one, or the eighth turn. */
export async function holdTalk(input: TalkInput): Promise<TalkCase> {
  const { item, name } = input;
  const policy = enginePolicy(name, input.preset);
  const history: Message[] = [{ role: "user", text: item.first }];
  const shown: Shown[] = [{ role: "user", text: item.first }];
  const asked: boolean[] = [];
  const sum = { calls: 0, tokens: 0, seconds: 0, shown: 0, questions: 0 };
  let person = meetPerson(item);
  let firstAttempt = false;
  for (let turn = 1; turn <= MOST_TURNS; turn++) {
    const started = performance.now();
    const decision = await runTurn({
      models: input.models,
      policy,
      system: name === "proactive" ? PROACTIVE : "",
      history,
      seed: seedFor(input.seed, `${item.id}/${turn}`),
      questionBudget: Math.max(0, MOST_QUESTIONS - asked.slice(-RECENT_REPLIES).filter(Boolean).length),
      parallel: input.parallel,
      stop: input.stop,
    });
    const chosen = decision.candidates.find((candidate) => candidate.id === decision.chosenId);
    const text = chosen?.text ?? "";
    const cost = costOf(decision);
    sum.calls += cost.calls;
    sum.tokens += cost.tokens;
    sum.seconds += (performance.now() - started) / 1000;
    sum.shown += chosen?.tokens ?? 0;
    asked.push(chosen !== undefined && asks(chosen.kind));
    if (statedAnswer(text, item) === null && asksForMore(text)) sum.questions++;
    history.push({ role: "assistant", text });
    shown.push({ role: "assistant", text, path: `${chosen?.kind ?? "?"}/${decision.path}/${decision.stopReason}` });
    const reaction = react(person, item, text);
    person = reaction.person;
    if (reaction.done) {
      firstAttempt = reaction.solved && person.attempts === 1;
      return talkCase(reaction.solved, turn);
    }
    history.push({ role: "user", text: reaction.says });
    shown.push({ role: "user", text: reaction.says });
  }
  return talkCase(false, MOST_TURNS);

  function talkCase(solved: boolean, turns: number): TalkCase {
    return {
      kind: 2,
      id: item.id,
      group: item.group ?? item.id,
      solved,
      firstAttempt,
      turns,
      emptyQuestions: person.empty,
      earlyAttempts: person.early,
      messages: shown,
      ...sum,
    };
  }
}
