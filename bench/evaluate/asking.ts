/** A question anywhere in the reply, in any script: whoever still asks has not stated a final answer. */
export const asksSomething = (reply: string) => /[?？؟](?![\w/=&%#+-])/.test(reply);

/** Asks without a question mark. */
const wantsMore =
  /\b(?:I(?:['’]d| would| will|['’]ll)? need (?:to know|the|your|more|some|a few|further|additional)|please (?:tell|give|provide|specify|clarify|share|let)|(?:could|can) you)\b/i;

/** Does a reply ask for something, whether with a question mark or without? */
export const asksForMore = (reply: string) => asksSomething(reply) || wantsMore.test(reply);

/** What ends a reply without asking what was meant. */
const offer =
  /\b(?:anything else|any (?:other|more|further)|would you like|do you (?:want|need) (?:me|help|any|more)|shall I|should I (?:also|add|go)|want me to|let me know|help you with|(?:does|did) (?:this|that) help|make sense|ready to|feel free)\b/i;

/**
 * Does a shown reply put a question to the person that it waits for? One rule for every policy: a sentence that asks, among the first
 * two or the last two of what is said outside code, tables, quotations and headings, and is no offer ("Would you like tests as well?").
 */
export function asksBack(reply: string): boolean {
  const prose = reply
    .replace(/(`{3,}|~{3,})[\s\S]*?(?:\1|$)/g, "\n")
    .replace(/`[^`\n]*`|https?:\S+|^\s*(?:[#>|].*)$/gm, " ");
  const sentences = prose
    .split(/(?<=[.!?？؟。][)"'’”*_]*)\s+|\n+|(?<=[？。])/)
    .filter((each) => /[\p{L}\p{N}]/u.test(each));
  const edges = new Set([...sentences.slice(0, 2), ...sentences.slice(-2)]);
  return [...edges].some((sentence) => asksForMore(sentence) && !offer.test(sentence));
}
