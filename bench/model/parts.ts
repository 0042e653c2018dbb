import { complete, type Timed, together } from "./client.ts";
import type { Peer } from "./peers.ts";
import { type RunningServer, startServer } from "./server.ts";
import { mark, mean, type Row, type Section, seconds, times } from "./table.ts";
import { history, question } from "./texts.ts";

export interface Bench {
  readonly server: RunningServer;
  readonly peer: () => Promise<Peer>;
}

const historyTokens = 400;
const perStream = 32;
const greedy = { temperature: 0, stream: true, stream_options: { include_usage: true } };

/** Aggregate rates of 1 to 16 streams behind one history. */
async function streams({ server, peer }: Bench): Promise<Section> {
  const rows: Row[] = [];
  const start = history("Streams", historyTokens);
  const lone = await (await peer()).oneByOne(
    [0, 1].map((index) => start + question(index)),
    perStream,
  );
  const loneRate = perStream / (mean(lone) / 1_000);
  rows.push({ name: "(a) one at a time, cold prefix each", value: `${loneRate.toFixed(1)} tok/s` });
  for (const count of [1, 4, 8, 16]) {
    const fresh = history(`Streams of ${count}`, historyTokens);
    const run = (index: number) =>
      complete(server.url, {
        ...greedy,
        prompt: fresh + question(index),
        max_tokens: perStream,
        stream: true,
        stream_options: { include_usage: true },
      });
    const first = ({ all }: { readonly all: readonly Timed[] }) =>
      `first token ${seconds(mean(all.map(({ firstMs }) => firstMs)))}`;
    const cold = await together(count, run);
    const before = await server.status();
    const warm = await together(count, run);
    const after = await server.status();
    const tokens = warm.all.reduce((sum, one) => sum + one.tokens, 0);
    const coldRate = cold.all.reduce((sum, one) => sum + one.tokens, 0) / (cold.ms / 1_000);
    const rate = tokens / (warm.ms / 1_000);
    // Without the history, in the library's favour: it would read it once for each stream.
    const peerMs = await (await peer()).asItComes(
      Array.from({ length: count }, (_, i) => question(i)),
      perStream,
    );
    const peerRate = (count * perStream) / (peerMs / 1_000);
    const goal = { 8: 3.5, 16: 5 }[count];
    rows.push(
      {
        name: `${count} streams, history not yet read`,
        value: `${coldRate.toFixed(1)} tok/s`,
        ratio: times(coldRate / loneRate),
        mark: first(cold),
      },
      {
        name: `${count} streams, history in the cache`,
        value: `${rate.toFixed(1)} tok/s`,
        ratio: times(rate / loneRate),
        mark: [first(warm), goal ? mark(rate / loneRate >= goal, `≥ ${goal}× (a)`) : ""].filter(Boolean).join("; "),
      },
      {
        name: `  a step`,
        value: `${((after.stepMs - before.stepMs) / (after.steps - before.steps)).toFixed(0)} ms`,
      },
      {
        name: `  (b) the library's batching, no history`,
        value: `${peerRate.toFixed(1)} tok/s`,
        ratio: times(rate / peerRate),
        mark: "ours, warm, to (b)",
      },
    );
  }
  return { title: `Streams: ${historyTokens} tokens of history, ${perStream} generated each`, rows };
}

async function firstToken({ server }: Bench): Promise<Section> {
  const colds: number[] = [];
  const warms: number[] = [];
  for (let round = 0; round < 2; round++) {
    const start = history(`First token ${round}`, historyTokens);
    const ask = (index: number) => complete(server.url, { ...greedy, prompt: start + question(index), max_tokens: 2 });
    colds.push((await ask(0)).firstMs);
    warms.push((await ask(1)).firstMs);
  }
  const ratio = mean(warms) / mean(colds);
  return {
    title: `First token behind ${historyTokens} tokens of history`,
    rows: [
      { name: "cold", value: seconds(mean(colds)) },
      { name: "warm", value: seconds(mean(warms)), ratio: times(ratio), mark: mark(ratio <= 0.15, "≤ 0.15 of cold") },
    ],
  };
}

const cells = 12;

/** Twelve imagined follow-ups: the person's words (40 tokens), then the assistant's (80), one history. */
async function block({ server, peer }: Bench): Promise<Section> {
  const start = history("Block", 300);
  const person = (index: number) => `${start}Person ${index + 1}:`;
  const reply = (index: number, words: string) => `${person(index)}${words}\nReply:`;
  const cell = async (index: number, seed: number): Promise<void> => {
    const common = { temperature: 0.8, seed: seed + index };
    const words = await complete(
      server.url,
      { ...common, prompt: person(index), max_tokens: 40 },
      { background: true },
    );
    await complete(server.url, { ...common, prompt: reply(index, words.text), max_tokens: 80 }, { background: true });
  };
  const cold = await together(cells, (index) => cell(index, 1));
  const warm = await together(cells, (index) => cell(index, 101));
  const library = await peer();
  const words = " and could you also say what I should do if nobody answers the phone in the next days?".repeat(2);
  const userMs = mean(await library.oneByOne([person(0)], 40));
  const replyMs = mean(await library.oneByOne([reply(0, words)], 80));
  const peerMs = cells * (userMs + replyMs);
  const row = (name: string, ms: number): Row => ({
    name,
    value: seconds(ms),
    ratio: times(peerMs / ms),
    mark: mark(peerMs / ms >= 5, "≥ 5× (a)"),
  });
  return {
    title: `A block of ${cells} lookahead cells: 300 tokens of history, 40 of user, 80 of assistant`,
    rows: [
      row("ours, history not yet read", cold.ms),
      row("ours, history in the cache (as after drafting)", warm.ms),
      { name: `(a) ${2 * cells} requests one at a time (from one of each)`, value: seconds(peerMs) },
    ],
  };
}

async function priority({ server }: Bench): Promise<Section> {
  const start = history("Priority", 200);
  // As with a real person there is always something new to read: some 35 tokens, so a step longer than one with all.
  const person = (turn: number) => {
    const prompt = `${start}${question(40 + turn)} ${question(60 + turn)}`;
    return complete(server.url, { ...greedy, prompt, max_tokens: 24 });
  };
  await person(0);
  const alone = await person(1);
  const stop = new AbortController();
  const background = Array.from({ length: 15 }, (_, index) =>
    complete(
      server.url,
      { ...greedy, temperature: 1, seed: index, prompt: `${start}${question(index)} ${index}`, max_tokens: 700 },
      { background: true, signal: stop.signal },
    ).catch(() => null),
  );
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  const beside = await person(2);
  stop.abort();
  await Promise.all(background);
  const rate = (one: typeof alone): number => ((one.tokens - 1) / (one.milliseconds - one.firstMs)) * 1_000;
  const kept = rate(beside) / rate(alone);
  return {
    title: "A person's stream beside 15 in the background, behind a prompt with an unread end",
    rows: [
      {
        name: "alone",
        value: `${rate(alone).toFixed(1)} tok/s`,
        ratio: "",
        mark: `first token ${alone.firstMs.toFixed(0)} ms`,
      },
      {
        name: "beside 15",
        value: `${rate(beside).toFixed(1)} tok/s`,
        ratio: times(kept),
        mark: `${mark(kept >= 0.5, "≥ 0.5 of its lone speed")}; first token ${beside.firstMs.toFixed(0)} ms`,
      },
    ],
  };
}

/** The choice's cheapest evidence. */
async function evidence({ server, peer }: Bench): Promise<Section> {
  const start = history("Evidence", 400);
  const tail = (index: number) => `${question(index)} yes. Left out:`;
  const read = (index: number, from = start) =>
    complete(
      server.url,
      { prompt: from + tail(index), max_tokens: 1, temperature: 0, logprobs: 10 },
      { background: true },
    );
  await read(99);
  const reads = await together(16, (index) => read(index));
  const library = await peer();
  const peerRead =
    16 *
    mean(
      await library.oneByOne(
        [0, 1].map((index) => start + tail(index)),
        1,
      ),
    );
  const text = (index: number) =>
    `${question(index)} Dear landlord, the heating has not worked for ${index + 2} weeks and the children are cold. Please send somebody this week, or tell me whom I may call myself.`;
  const score = (index: number) =>
    complete(server.url, { prompt: start + text(index), max_tokens: 0, echo: true, logprobs: 1 }, { background: true });
  const coldScores = await together(1, () => score(98));
  const scores = await together(16, score);
  const peerScore =
    16 *
    mean(
      await library.scoreOneByOne(
        [0, 1].map((index) => start + text(index)),
        45,
      ),
    );
  return {
    title:
      "Evidence behind 400 shared tokens: 16 next-token distributions (19 own tokens), 16 echo scores (45 own tokens)",
    rows: [
      {
        name: "16 distributions, warm",
        value: seconds(reads.ms),
        ratio: times(peerRead / reads.ms),
        mark: `${(reads.ms / 16).toFixed(0)} ms each`,
      },
      { name: "(a) one at a time (from 2)", value: seconds(peerRead) },
      { name: "first echo of a prefix (scores the prefix too)", value: seconds(coldScores.ms) },
      {
        name: "16 echo scores, warm",
        value: seconds(scores.ms),
        ratio: times(peerScore / scores.ms),
        mark: `${(scores.ms / 16).toFixed(0)} ms each`,
      },
      { name: "(a) one at a time (from 2)", value: seconds(peerScore) },
    ],
  };
}

/** What is not the model: wall time of a streamed run that is in no step, and the part of a step outside the model. */
async function overhead({ server }: Bench): Promise<Section> {
  const rows: Row[] = [];
  const start = history("Overhead", 100);
  for (const count of [1, 16]) {
    const run = (index: number) => complete(server.url, { ...greedy, prompt: start + question(index), max_tokens: 24 });
    await together(count, run);
    const before = await server.status();
    const { ms } = await together(count, run);
    const after = await server.status();
    const steps = after.steps - before.steps;
    const inModel = after.decodeMs - before.decodeMs;
    const inSteps = after.stepMs - before.stepMs;
    const share = (ms - inSteps) / ms;
    rows.push(
      { name: `${count} streams: in the model`, value: `${(inModel / steps).toFixed(1)} ms a step` },
      {
        name: "  drawing tokens, text, writing events",
        value: `${((inSteps - inModel) / steps).toFixed(1)} ms a step`,
        ratio: times((inSteps - inModel) / ms),
      },
      {
        name: "  outside of steps (HTTP, JSON, joining, states)",
        value: `${((ms - inSteps) / steps).toFixed(1)} ms a step`,
        ratio: times(share),
        mark: mark(share <= 0.03, "≤ 0.03"),
      },
    );
  }
  return { title: "Overhead", rows };
}

async function memory({ server }: Bench): Promise<Section> {
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`;
  const rest = server.resident();
  await together(16, (index) =>
    complete(server.url, { prompt: history(`Load ${index}`, 250) + question(index), max_tokens: 8 }),
  );
  const loaded = server.resident();
  // Growth does not depend on the size of the model, and the small one gets through 2,000 requests in a minute. Its prefix
  // cache is kept small: it is full before the first reading, and what it holds is no growth.
  const small = await startServer([
    ...["--model", "smollm2-135m-instruct", "--slots", "8", "--context", "1024", "--prefixes", "64"],
  ]);
  const start = history("Growth", 60);
  const many = async (count: number): Promise<number> => {
    for (let done = 0; done < count; done += 40)
      await together(40, (index) => {
        const prompt = start + question(done + index);
        const kinds = [
          { max_tokens: 1, logprobs: 5 },
          { max_tokens: 3, seed: done + index },
          { max_tokens: 0, echo: true, logprobs: 1, echo_last: 8 },
          { max_tokens: 6, response_format: { type: "json_object" } },
        ];
        return complete(small.url, { prompt, ...kinds[index % kinds.length] });
      });
    return small.resident();
  };
  // The heap takes its size in the first of them.
  const early = await many(800);
  const late = await many(2_000);
  await small.stop();
  return {
    title: "Resident memory",
    rows: [
      { name: "1.5B after start", value: gigabytes(rest) },
      { name: "1.5B after 16 texts of 250 tokens at once", value: gigabytes(loaded) },
      { name: "135M after 800 mixed requests", value: gigabytes(early) },
      {
        name: "135M after 2,000 more",
        value: gigabytes(late),
        ratio: times(late / early),
        mark: mark(late / early < 1.03, "no growth"),
      },
    ],
  };
}

export const parts: Record<string, (bench: Bench) => Promise<Section>> = {
  firstToken,
  overhead,
  priority,
  evidence,
  block,
  streams,
  memory,
};
