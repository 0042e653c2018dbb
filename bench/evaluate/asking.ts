/** A question anywhere in the reply, in any script: whoever still asks has not stated a final answer. */
export const asksSomething = (reply: string) => /[?？؟](?![\w/=&%#+-])/.test(reply);

/** Asks without a question mark; "I need the total: 9 × 2 = 18" does not. */
const wantsMore =
  /\b(?:I(?:['’]d| would| will|['’]ll)? need (?:to know|the|your|more|some|a few|further|additional)|please (?:tell|give|provide|specify|clarify|share|let me know)|(?:could|can) you)\b/i;

/** What ends a reply without asking what was meant. */
const closing =
  /\b(?:anything else|(?:what|how) else (?:can|may|could|would) |(?:any|more|other|further) questions|let me know (?:if|whether)|feel free|help you with|(?:does|did|do) (?:this|that|these|those) help|make sense|if you (?:still|need|want|have|would like))/i;
/** The same, unless it asks which, or one or the other. */
const proposal =
  /\b(?:would you like|do you (?:want|need) (?:me|help|any|more)|want me to|shall I|should I (?:also|add|go))\b/i;
const choosing = /\b(?:which|what|who|whose|where|when|how|why|or)\b/i;
const isOffer = (sentence: string) => closing.test(sentence) || (proposal.test(sentence) && !choosing.test(sentence));

const sentencesOf = (text: string) =>
  text.split(/(?<=[.!?؟][)"'”’*_]*)\s+|\n+|(?<=[？。])/).filter((sentence) => /\p{L}/u.test(sentence));

const wants = (sentence: string) => wantsMore.test(sentence) && !/=/.test(sentence) && !isOffer(sentence);

/** Does a reply ask for something, whether with a question mark or without? */
export const asksForMore = (reply: string) => asksSomething(reply) || sentencesOf(reply).some(wants);

/**
 * Does a shown reply put a question to the person that it waits for? One rule for every policy: a sentence that asks, among the first
 * two or the last two of what is said outside code, tables, quotations and headings, and is no offer ("Would you like tests as well?").
 */
export function asksBack(reply: string): boolean {
  const prose = reply
    .replace(/(`{3,}|~{3,})[\s\S]*?(?:\1|$)/g, "\n")
    .replace(/`[^`\n]*`|https?:\S+|^\s*(?:[#>|].*)$/gm, " ");
  const sentences = sentencesOf(prose);
  const edges = new Set([...sentences.slice(0, 2), ...sentences.slice(-2)]);
  return [...edges].some((sentence) => (asksSomething(sentence) && !isOffer(sentence)) || wants(sentence));
}
