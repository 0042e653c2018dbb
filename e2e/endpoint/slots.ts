import type { FactAct } from "../../lib/engine/ports.ts";
import {
  assistantReply,
  candidateText,
  candidateTokens,
  formatValues,
  fulfilment,
  goals,
  userReply,
  valuesIn,
} from "../../lib/engine/worlds/grammar.ts";
import type { Instance } from "../../lib/engine/worlds/slots.ts";
import { doing } from "../../lib/models/prompts/future.ts";
import { gainOf } from "../../lib/models/prompts/likelihood.ts";
import type { Played } from "./play.ts";
import type { Random } from "./random.ts";
import type { Asked, Said } from "./roles.ts";
import { digits, words } from "./tokens.ts";

/** What the world says; `tokens` are told since it counts lengths that its short texts do not have. */
export type WorldLine = Omit<Played, "topic">;

/** The exact world `slots` (engine.md 5.1) over HTTP: everything it needs to know stands in the request's own text. */
export function playSlots(
  instances: Readonly<Record<string, Instance>>,
  asked: Asked,
  random: Random,
  logprobs: boolean,
): WorldLine | null {
  if (asked.role === "probe") return null;
  const first = asked.conversation.find((said) => said.role === "user")?.text ?? "";
  const instance = instances[/^request (\S+)/.exec(first)?.[1] ?? ""];
  if (!instance) return null;
  const draft = (id: string): WorldLine => ({
    line: words(candidateText(instance, id)),
    tokens: candidateTokens(instance, id),
  });
  switch (asked.role) {
    case "answer":
    case "assume":
    case "hybrid":
      return draft(asked.role);
    case "ask":
      return draft(`ask${asked.index}`);
    case "user": {
      const hybrid = asked.conversation.at(-1)?.text.startsWith("hybrid:") ?? false;
      const act = { type: "reply" as const, facts: factsIn(asked.task, random), volunteers: false };
      const said = userReply(instance, { text: asked.wish }, act, hybrid);
      return { line: words(said.text), tokens: said.tokens };
    }
    case "imagined": {
      const said = assistantReply(instance, asked.conversation);
      return { line: words(said.text), tokens: said.tokens };
    }
    case "judge": {
      const chance = success(instance, asked.conversation, asked.wish);
      return {
        line: logprobs ? digits([chance, 0.6]) : words([chance, 0.6].map((score) => rounded(score, random)).join(" ")),
      };
    }
    case "likelihood": {
      const said: Said[] = [{ role: "assistant", text: asked.reply }];
      return { line: words(""), less: asked.wish === null ? 0 : -gainOf(success(instance, said, asked.wish)) };
    }
    case "table":
      return { line: words(table(instance, asked.replies)) };
    case "reading":
      return { line: words(` ${drawn(instance, random)}`) };
    default:
      return null;
  }
}

/** q·F: how good the candidate's quality makes a last reply that meets the wish so far. Where the candidate is not shown, the answer's. */
function success(instance: Instance, conversation: Said[], wish: string): number {
  const reply = conversation.find((said) => said.role === "assistant")?.text ?? "";
  const id = Object.keys(instance.q).find((candidate) => candidateText(instance, candidate) === reply);
  return (instance.q[id ?? "answer"] ?? 0.9) * fulfilment(instance, conversation, { text: wish });
}

/** What the person does, read back from the prompt's words. Which wrong value is the double's own draw. */
function factsIn(task: string, random: Random): FactAct[] {
  const facts: FactAct[] = [];
  for (const part of task.split(/(?=Part \d+ of the wish: )/)) {
    const place = /^Part (\d+) of the wish: /.exec(part)?.[1];
    const does = (Object.keys(doing) as FactAct["does"][]).find((act) => part.includes(doing[act]));
    if (does) facts.push({ fact: place === undefined ? 0 : Number(place) - 1, does, pick: random() });
  }
  return facts;
}

/** A digit whose expectation is the score, for endpoints that tell no probabilities. */
const rounded = (score: number, random: Random): string => {
  const exact = Math.min(9, Math.max(0, score * 9));
  return String(Math.min(9, Math.floor(exact) + Number(random() < exact - Math.floor(exact))));
};

function table(instance: Instance, replies: string[]): string {
  const wishes = [...goals(instance)].map(({ values, weight }) => ({
    wish: formatValues(values),
    label: formatValues(values),
    probability: weight,
    replies: replies.map((reply, index) => ({
      reply: index + 1,
      useful: usefulness(instance, reply, values),
      questions: 0,
    })),
  }));
  return JSON.stringify({ wishes: wishes.sort((a, b) => b.probability - a.probability) });
}

/** 10 for every slot that is right or asked for. */
function usefulness(instance: Instance, reply: string, values: readonly number[]): number {
  const given = valuesIn(reply);
  const right = values.filter((value, slot) => reply.includes(`s${slot + 1}?`) || given.get(slot) === value).length;
  return (10 * right) / Math.max(1, instance.p.length);
}

function drawn(instance: Instance, random: Random): string {
  let left = random();
  let last = "";
  for (const { values, weight } of goals(instance)) {
    last = formatValues(values);
    left -= weight;
    if (left <= 0) break;
  }
  return last;
}
