/**
 * What a turn costs a person: twenty fixed prompts of which twelve are clear, each a conversation of its own, through a
 * running Parley. `npm start`, then `npm run bench:turns -- --url http://localhost:3000 --preset balanced[,direct …]`.
 * Prints calls, seconds to the first word and in all, by prompt and on average, ratios to L and to `direct` where it ran, and
 * whether `balanced` does what is expected of it on the embedded model and two cores.
 */
import { parseArgs } from "node:util";
import { type Preset, presetSchema } from "../lib/shared/kinds.ts";
import { decisionViewSchema } from "../lib/shared/record.ts";

const { values } = parseArgs({
  options: {
    url: { type: "string", default: "http://localhost:3000" },
    preset: { type: "string", default: "balanced" },
    only: { type: "string", default: "20" },
  },
});

/** Our own words. Twelve are clear. */
const prompts: readonly (readonly [clear: boolean, text: string])[] = [
  [true, "What is the capital of Portugal?"],
  [true, "Write a Python function that reverses a string."],
  [true, "How many minutes are there in a day?"],
  [false, "Write an email to my landlord."],
  [false, "Help me plan a weekend away."],
  [true, "Translate 'good morning, my friend' into Spanish."],
  [true, "Explain in two sentences why the sky is blue."],
  [true, "Sort these numbers from small to large: 9, 2, 14, 5."],
  [false, "Fix my code."],
  [false, "Recommend a book."],
  [true, "Who painted the Mona Lisa?"],
  [true, "Write a haiku about a frog that jumps into an old pond."],
  [true, "What is 15 percent of 240?"],
  [false, "Make a training plan for me."],
  [false, "Write a speech."],
  [true, "Name the three states of matter."],
  [true, "Convert 20 degrees Celsius to Fahrenheit."],
  [true, "What does the HTTP status code 404 mean?"],
  [false, "How much paint do I need?"],
  [false, "Draft a message to my team about the change."],
];

interface Measured {
  readonly clear: boolean;
  readonly text: string;
  readonly path: string;
  readonly kind: string;
  readonly generating: number;
  readonly scoring: number;
  readonly first: number;
  readonly total: number;
  /** Milliseconds after drafting, in L. */
  readonly afterDrafting: number;
}

async function turn(text: string, clear: boolean, preset: Preset): Promise<Measured> {
  const started = performance.now();
  const response = await fetch(`${values.url}/api/chat`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text, preset }),
  });
  if (!response.ok || !response.body) throw new Error(`${response.status}: ${await response.text()}`);
  const cookie = response.headers.get("set-cookie")?.split(";")[0] ?? "";
  let messageId = "";
  let first = Number.NaN;
  let pending = "";
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (pending + piece).split("\n");
    pending = lines.pop() ?? "";
    for (const line of lines) {
      if (!line.startsWith("data: {")) continue;
      const part = JSON.parse(line.slice("data: ".length)) as { type: string; messageId?: string };
      if (part.type === "start") messageId = part.messageId ?? "";
      if (part.type === "text-delta" && Number.isNaN(first)) first = performance.now() - started;
    }
  }
  const total = performance.now() - started;
  const answer = await fetch(`${values.url}/api/messages/${messageId}/decision`, { headers: { cookie } });
  const { decision } = decisionViewSchema.parse(await answer.json());
  const { generating, scoring } = decision.cost;
  const kind = decision.candidates.find(({ chosen }) => chosen)?.kind ?? "?";
  const afterDrafting = decision.ms.lookahead / decision.replyMs;
  return { clear, text, path: decision.path, kind, generating, scoring, first, total, afterDrafting };
}

const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
const seconds = (ms: number) => (ms / 1000).toFixed(1).padStart(6);

/** One line of averages; `among` says over which prompts. */
function summary(name: string, among: string, rows: readonly Measured[], base: readonly Measured[] | undefined): void {
  if (rows.length === 0) return;
  const total = mean(rows.map((row) => row.total));
  const ratio = base ? `, ${(total / mean(base.map((row) => row.total))).toFixed(1)} × direct` : "";
  console.log(
    `${name}, ${among} (n = ${rows.length}): ${mean(rows.map((row) => row.generating)).toFixed(1)} generating and ` +
      `${mean(rows.map((row) => row.scoring)).toFixed(1)} scoring calls; first word ${seconds(mean(rows.map((row) => row.first)))} s, ` +
      `whole ${seconds(total)} s${ratio}; after drafting at most ${Math.max(...rows.map((row) => row.afterDrafting)).toFixed(1)} L; ` +
      `asked ${rows.filter((row) => row.kind === "ask" || row.kind === "hybrid").length}`,
  );
}

const measured = new Map<string, Measured[]>();
for (const name of values.preset.split(",")) {
  const preset = presetSchema.parse(name);
  const rows: Measured[] = [];
  for (const [clear, text] of prompts.slice(0, Number(values.only))) {
    const row = await turn(text, clear, preset);
    rows.push(row);
    console.log(
      `${preset.padEnd(9)} ${clear ? "clear" : "vague"} ${row.path.padEnd(9)} ${row.kind.padEnd(6)} ` +
        `${String(row.generating).padStart(3)} + ${String(row.scoring).padStart(3)} calls ${seconds(row.first)} ${seconds(row.total)} s  ${text}`,
    );
  }
  measured.set(preset, rows);
}
for (const [name, rows] of measured) {
  const direct = name === "direct" ? undefined : measured.get("direct");
  summary(name, "all", rows, direct);
  for (const clear of [true, false]) {
    const of = (list: readonly Measured[] | undefined) => list?.filter((row) => row.clear === clear);
    summary(name, clear ? "clear" : "vague", of(rows) ?? [], of(direct));
  }
}

const say = (met: boolean, expected: string, found: string) =>
  console.log(`${met ? "met    " : "NOT met"}  ${expected}: ${found}`);

/** Met where every one of these prompts keeps to the limit. */
function sayWithin(expected: string, values: readonly number[], limit: number, unit: string): void {
  const kept = values.filter((value) => value <= limit).length;
  const found = values.length > 0 ? `, at most ${Math.max(...values).toFixed(1)} ${unit}` : "";
  say(values.length > 0 && kept === values.length, expected, `${kept} of ${values.length}${found}`);
}

const balanced = measured.get("balanced");
if (balanced) {
  const calls = mean(balanced.map((row) => row.generating));
  const [clear, vague] = [true, false].map((wanted) => balanced.filter((row) => row.clear === wanted));
  say(calls <= 16, "at most 16 generating calls on average", `${calls.toFixed(1)} over ${balanced.length} prompts`);
  const first = clear?.map((row) => row.first / 1_000) ?? [];
  sayWithin("a clear request shows its first word within 4 s", first, 4, "s");
  const after = vague?.map((row) => row.afterDrafting) ?? [];
  sayWithin("a vague one is answered within 4 L after drafting", after, 4, "L");
}
