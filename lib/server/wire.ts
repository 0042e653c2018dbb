import {
  deliberate,
  type History,
  liveRates,
  type Ports,
  presetPolicies,
  type Turn,
  type TurnEvent,
} from "../engine/index.ts";
import { isSlow } from "../models/capabilities.ts";
import type { Models } from "../models/models.ts";
import { speedsOf } from "../models/speeds.ts";
import type { Decision } from "../shared/record.ts";
import { Refusal } from "../shared/refusal.ts";
import type { Deliberation, TurnDependencies } from "../turns/deliberator.ts";
import { errorPart } from "../turns/failure.ts";
import { createGivingWay } from "../turns/giving-way.ts";
import { readLogged } from "../turns/logged.ts";
import { log } from "./log.ts";
import { attributeCalls, knownModels, models } from "./models.ts";

/**
 * The one place where ports get their implementations: environment → language models → the engine's ports, with what the
 * logs of earlier turns say about the people, the models and the table.
 */
export const turnDependencies: TurnDependencies = { deliberate: deliberateLive, check, log };

const way = createGivingWay();

/** On a slow machine an audit would double the time of the turn beside it: there it runs while nobody waits. */
async function* deliberateLive(asked: Deliberation): AsyncGenerator<TurnEvent> {
  const reached = await models();
  if (!isSlow(reached.capabilities.assistant)) {
    yield* deliberateWith(reached, asked);
  } else if (asked.mode === "audit") {
    const { signal, done } = way.begin();
    yield* ending(deliberateWith(reached, { ...asked, stop: AbortSignal.any([asked.stop, signal]) }), done);
  } else {
    yield* ending(deliberateWith(reached, asked), way.someoneWaits());
  }
}

async function* ending<T>(events: AsyncGenerator<T>, end: () => void): AsyncGenerator<T> {
  try {
    yield* events;
  } finally {
    end();
  }
}

async function* deliberateWith(reached: Models, asked: Deliberation): AsyncGenerator<TurnEvent> {
  const notes: string[] = [];
  const live = reached.ports({ system: asked.systemPrompt, onNote: (note) => notes.push(note) });
  const ports = asked.mode === "audit" ? inBackground(live) : live;
  const { times, usual, ...logged } = await readLogged(reached.ids);
  const turn: Turn = {
    history: asked.history,
    seed: asked.seed,
    policy: presetPolicies[asked.preset],
    asking: asked.asking,
    questionBudget: asked.questionBudget,
    rates: liveRates,
    ...logged,
    speeds: speedsOf(reached, times, way.waiting()),
    mode: asked.mode,
    stop: asked.stop,
    answerNow: asked.answerNow,
    models: reached.ids,
  };
  const events = deliberate(turn, ports);
  try {
    for (;;) {
      // A generator's body runs in the context of whoever asks for its next value.
      const next = await attributeCalls(asked.onCall, () => events.next());
      if (next.done) return;
      yield completed(next.value, usual[asked.preset] ?? null, (record) => ({
        ...record,
        capabilities: reached.capabilities,
        notes: [...new Set([...record.notes, ...notes])],
      }));
    }
  } finally {
    await events.return(undefined as never);
  }
}

/** Nobody waits for an audit: none of its calls may stand in the way of one that somebody waits for. */
function inBackground(ports: Ports): Ports {
  const later = { priority: "background" } as const;
  return {
    ...ports,
    answer: (input) => ports.answer({ ...input, ...later }),
    clarity: (input) => ports.clarity({ ...input, ...later }),
    draft: (input) => ports.draft({ ...input, ...later }),
    table: (input) => ports.table({ ...input, ...later }),
  };
}

/** Adds what the engine cannot know: how long such turns usually take, and what the endpoint can do. */
function completed(event: TurnEvent, usual: number | null, record: (own: Decision) => Decision): TurnEvent {
  if (event.type === "stage" && usual !== null) return { ...event, stage: { ...event.stage, usual } };
  return event.type === "decision" ? { ...event, record: record(event.record) } : event;
}

function check(history: History): void {
  try {
    knownModels()?.check(history);
  } catch (error) {
    // By its word, not its class: Next may have loaded the class twice.
    if ((error as { code?: unknown }).code !== "message_too_long") throw error;
    throw new Refusal(413, "message_too_long", errorPart("message_too_long").message, { field: "text" });
  }
}
