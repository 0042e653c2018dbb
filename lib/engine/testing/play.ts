import { type Decision, decisionSchema } from "../../shared/record.ts";
import { decide } from "../deliberate.ts";
import type { TurnEvent } from "../turn.ts";
import { liveTurn, type PlayOptions, playLive } from "./ports.ts";
import { type VirtualTime, virtualTime } from "./time.ts";

/** Plays a turn on virtual time; texts and events with the moment they came. */
export async function play(turn = liveTurn(), options: PlayOptions = {}, script?: (time: VirtualTime) => void) {
  const time = virtualTime();
  script?.(time);
  const { ports: played, seen } = playLive(time, options);
  const ports = options.watch ? options.watch(played) : played;
  const events: { at: number; event: TurnEvent }[] = [];
  const record = await time
    .run(decide(turn, ports, (event) => events.push({ at: time.clock.now(), event })))
    .catch((error: unknown) => error);
  const text = events.flatMap(({ event }) => (event.type === "text" ? [event.piece] : []));
  return { record, events, text: text.join(""), pieces: text.length, seen, end: time.clock.now() };
}

/** The record, checked against its schema; what was thrown instead is thrown again. */
export function decisionOf(record: unknown): Decision {
  if (record instanceof Error) throw record;
  return decisionSchema.parse(record);
}
