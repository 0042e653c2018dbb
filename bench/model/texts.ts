/** Fixed texts, so that every run reads the same tokens. About 4.4 characters a token. */
const sentences = [
  "I have been renting the flat on the second floor since the spring of last year.",
  "The heating stopped working two weeks ago and the landlord has not answered my calls.",
  "My neighbour says that the boiler is older than the house and was never looked after.",
  "I pay on the first of every month and have kept the receipts in a blue folder.",
  "There is also a leak under the kitchen sink that has been there since January.",
  "The contract says that repairs must be made within a reasonable time.",
  "I would like to stay, because the school is near and the rent is fair.",
  "Last winter we used small electric heaters, and the bill was more than we could pay.",
];

/** A history of about `tokens` tokens that begins with `name`, so that two names share nothing. */
export function history(name: string, tokens: number): string {
  const parts = [`${name}: notes of a conversation with a tenant.`];
  for (let index = 0; parts.join(" ").length < tokens * 4.65; index++)
    parts.push(sentences[index % sentences.length] ?? "");
  return `${parts.join(" ")}\n`;
}

const askings = [
  "Write to the landlord in a firm but friendly tone.",
  "What should I do first, and what can wait until later?",
  "Explain my rights as a tenant in two short paragraphs.",
  "Make a list of what I need to write down and keep.",
  "How much of the rent may I keep back, if any?",
  "Draft a text message that asks for a date for the repair.",
  "Which office in town could help me with this?",
  "Tell me a polite way to say that I am losing patience.",
];

export const question = (index: number): string => `Person ${index + 1}: ${askings[index % askings.length]}\nReply:`;
