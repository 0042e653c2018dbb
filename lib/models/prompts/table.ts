import type { Candidate, History } from "../../engine/ports.ts";
import type { ChatMessage } from "../chat.ts";
import { fence } from "../text.ts";
import { futureSystem, transcript } from "./future.ts";

/** Readings and usefulness in one structured call, for models that keep to JSON. */
export const tableJsonVersion = "table-json/1";

const draftLimit = 1200;
const tagOf = (index: number): string => `reply_${index + 1}`;

export const tableTask = (count: number): string =>
  `People who write exactly this may want different things. Name 2 to 5 different wishes, as concrete as the conversation allows, each with the probability that this person has it. For each wish say of each of the ${count} possible replies how useful it would be (0 = useless, 10 = exactly right at the end of the conversation; a question is as useful as the reply it makes possible, minus the trouble) and how many questions would still have to be answered, the reply's own included. Reply with JSON only: {"wishes": [{"wish": "what they want, in one sentence", "label": "the same in two to five words", "probability": 0 to 1, "replies": [{"reply": number of the reply, "useful": 0 to 10, "questions": 0 to 3}]}]}.`;

export const tableSchema = {
  type: "object",
  properties: {
    wishes: {
      type: "array",
      items: {
        type: "object",
        properties: {
          wish: { type: "string" },
          label: { type: "string" },
          probability: { type: "number" },
          replies: {
            type: "array",
            items: {
              type: "object",
              properties: {
                reply: { type: "integer" },
                useful: { type: "number" },
                questions: { type: "number" },
              },
              required: ["reply", "useful", "questions"],
              additionalProperties: false,
            },
          },
        },
        required: ["wish", "label", "probability", "replies"],
        additionalProperties: false,
      },
    },
  },
  required: ["wishes"],
  additionalProperties: false,
};

export const tableMessages = (history: History, drafts: readonly Candidate[]): ChatMessage[] => [
  { role: "system", content: futureSystem },
  {
    role: "user",
    content: [
      fence("conversation", transcript(history), 24_000),
      ...drafts.map((draft, index) => fence(tagOf(index), draft.text, draftLimit)),
      tableTask(drafts.length),
    ].join("\n"),
  },
];
