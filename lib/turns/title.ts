const longest = 60;

/** A conversation's title: the first words of its first message, cut at a word. */
export function titleOf(text: string): string {
  const plain = text.replace(/\s+/gu, " ").trim();
  if (plain.length <= longest) return plain || "New conversation";
  const cut = plain.slice(0, longest - 1).toWellFormed();
  return `${cut.slice(0, cut.lastIndexOf(" ") + 1 || cut.length).trimEnd()}…`;
}
