import { gainOf, scoredReplyLimit } from "../../lib/models/prompts/likelihood.ts";
import type { Random } from "./random.ts";
import type { Asked, Said } from "./roles.ts";
import type { Reading, Scenario, Topic } from "./scenario.ts";
import { digits, type Line, sure, words } from "./tokens.ts";

/** What the double says to one request. `topic` is null where nothing was recognised. */
export interface Played {
  line: Line;
  topic: Topic | null;
  /** Tokens that the usage tells, where they are not those of the line. */
  tokens?: number;
  /** Nats by which a scored reply is less likely under the wish; for echo. */
  less?: number;
}

const personsWords = (conversation: Said[]): string[] =>
  conversation.filter((said) => said.role === "user").map((said) => said.text);

/** Imagined turns belong to the first message's topic; the real later ones have topics of their own. */
export function topicOf(scenario: Scenario, asked: Asked): Topic | null {
  if (asked.role === "probe") return null;
  const said = personsWords(asked.conversation);
  const imagined = ["user", "judge", "imagined", "likelihood"].includes(asked.role);
  const turn = imagined || said.length < 2 ? "first" : "later";
  return (
    scenario.topics.find(
      (topic) =>
        (topic.turn === undefined || topic.turn === turn) &&
        said.some((text) => new RegExp(topic.match, "i").test(text)),
    ) ?? null
  );
}

const plain = (conversation: Said[]): Topic => ({
  match: "",
  clear: 0.95,
  answer: `You wrote: ${personsWords(conversation).at(-1) ?? ""}`,
  readings: [],
});

const same = (one: string, other: string): boolean => {
  const tidy = (text: string): string => text.replace(/\s+/g, " ").trim().slice(0, scoredReplyLimit).trim();
  return tidy(one) === tidy(other);
};

/** How far a reply meets a wish, in [0,1]. */
function success(topic: Topic, wish: string, reply: string): number {
  const reading = topic.readings.find((candidate) => same(candidate.wish, wish));
  if (!reading) return 0.4;
  if (same(reading.final, reply)) return 0.95;
  for (const kind of ["answer", "assume", "ask", "hybrid"] as const) {
    const draft = topic[kind];
    if (draft !== undefined && same(draft, reply)) return kind === "ask" ? 0.1 : reading.useful[kind];
  }
  return 0.3;
}

const kindOf = (topic: Topic, reply: string): keyof Reading["useful"] =>
  (["answer", "assume", "ask", "hybrid"] as const).find((kind) => {
    const draft = topic[kind];
    // A long draft is shown to the table with its middle left out.
    return draft !== undefined && reply.slice(0, 60) === draft.slice(0, 60);
  }) ?? "answer";

function table(topic: Topic, replies: string[]): string {
  const readings = topic.readings.length
    ? topic.readings
    : [{ wish: "what the words say", weight: 1, useful: { answer: 0.9, assume: 0.85, ask: 0.7, hybrid: 0.8 } }];
  return JSON.stringify({
    wishes: readings.map((reading) => ({
      wish: reading.wish,
      label: "label" in reading ? (reading.label ?? "") : "",
      probability: reading.weight,
      replies: replies.map((reply, index) => {
        const kind = kindOf(topic, reply);
        const asks = kind === "ask" || kind === "hybrid";
        return { reply: index + 1, useful: 10 * reading.useful[kind], questions: asks ? 1 : 0 };
      }),
    })),
  });
}

/** A reading drawn by its weight. */
function drawn(topic: Topic, random: Random): string {
  let left = random() * topic.readings.reduce((sum, reading) => sum + reading.weight, 0);
  for (const reading of topic.readings) {
    left -= reading.weight;
    if (left <= 0) return reading.wish;
  }
  return topic.readings.at(-1)?.wish ?? "what the words say";
}

export function play(scenario: Scenario, asked: Asked, random: Random): Played {
  if (asked.role === "probe" && asked.clear !== undefined)
    return { line: clarityJson(asked.clear || !scenario.can.judges ? 0.98 : 0.02), topic: null };
  if (asked.role === "probe")
    return { line: words("Hello! One, two, three, four, five, six, seven, eight."), topic: null };
  const found = topicOf(scenario, asked);
  const topic = found ?? plain(asked.conversation);
  const say = (line: Line): Played => ({ line, topic: found });
  switch (asked.role) {
    case "answer":
      return say(words(topic.answer));
    case "assume":
    case "ask":
    case "hybrid":
      return say(words(topic[asked.role] ?? topic.answer));
    case "imagined": {
      const last = personsWords(asked.conversation).at(-1) ?? "";
      return say(words(topic.readings.find((reading) => last.includes(reading.told))?.final ?? topic.answer));
    }
    case "user": {
      const reading = topic.readings.find((candidate) => same(candidate.wish, asked.wish));
      const refuses = asked.task.includes("does not answer the question");
      return say(words(refuses ? "I do not mind, go ahead." : (reading?.told ?? "It is all the same to me.")));
    }
    case "judge": {
      const reply = asked.conversation.findLast((said) => said.role === "assistant")?.text ?? "";
      return say(digits([success(topic, asked.wish, reply), 0.6]));
    }
    case "likelihood":
      return {
        ...say(words("")),
        less: asked.wish === null ? 0 : -gainOf(success(topic, asked.wish, asked.reply)),
      };
    case "reading":
      return say(words(` ${drawn(topic, random)}`));
    case "table":
      return say(words(table(topic, asked.replies)));
    case "gather":
      return say(sure(whatItDoes(asked.added), "changes", 0.9));
    case "clarity":
      return say(sure("nothing", "what it is about", topic.clear));
  }
}

/** The clarity check in its chat form. */
export const clarityJson = (clear: number): Line => words(JSON.stringify({ clear: clear >= 0.5, probability: clear }));

/** Told by its first words. */
const whatItDoes = (message: string): string => {
  if (/^it is /i.test(message)) return "adds";
  return /^(i don.t know|that is all)/i.test(message) ? "says" : "asks";
};
