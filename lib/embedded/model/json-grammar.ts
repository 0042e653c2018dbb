/** The text itself, as a grammar writes it. */
export const literal = (text: string): string =>
  `"${text.replace(/[\\"]/g, "\\$&").replace(/\n/g, "\\n").replace(/\r/g, "\\r").replace(/\t/g, "\\t")}"`;

const builtins: Record<string, string> = {
  gap: '" "?',
  char: '[^"\\\\\\x00-\\x1F\\x7F] | "\\\\" (["\\\\/bfnrt] | "u" [0-9a-fA-F] [0-9a-fA-F] [0-9a-fA-F] [0-9a-fA-F])',
  string: '"\\"" char* "\\""',
  integer: '"-"? ("0" | [1-9] [0-9]{0,15})',
  number: 'integer ("." [0-9]{1,16})? ([eE] [-+]? [0-9]{1,3})?',
  boolean: '"true" | "false"',
  null: '"null"',
  value: "object | array | string | number | boolean | null",
  member: 'string ":" gap value',
  object: '"{" gap (member ("," gap member)*)? gap "}"',
  array: '"[" gap (value ("," gap value)*)? gap "]"',
};

/** Any JSON object: what `response_format: json_object` asks for. */
export function anyObjectGrammar(): string {
  return render(new Map([["root", "object"]]));
}

/** A grammar of these rules, `root` among them, and those of JSON. */
export function render(rules: ReadonlyMap<string, string>): string {
  return [...Object.entries(builtins), ...rules].map(([name, body]) => `${name} ::= ${body}`).join("\n");
}
