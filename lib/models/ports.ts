import type { Ports } from "../engine/ports.ts";
import { answer, draft, imagined } from "./answer.ts";
import { clarity } from "./clarity.ts";
import { systemClock } from "./clock.ts";
import { gather } from "./gather.ts";
import { judge } from "./judge.ts";
import { prefersScored } from "./makers.ts";
import type { Context, Served } from "./served.ts";
import type { Speed } from "./speed.ts";
import { jsonTable } from "./table-json.ts";
import { scoredTable } from "./table-scored.ts";
import { user } from "./user.ts";

export interface PortOptions {
  assistant: Served;
  /** The simulated person. */
  simulator: Served;
  judge: Served;
  /** Learns L from every whole direct reply. */
  speed: Speed;
  /** The person's or operator's own system text. */
  system?: string;
  /** What was left out on the way, in plain words without message text: belongs into the record's notes. */
  onNote?: (note: string) => void;
  /** The learned prior; none until turns are logged. */
  selector?: Ports["selector"];
}

/**
 * The engine's ports over real language models. Who judges also reads: clarity check and table are the judge's, because
 * their probabilities need the model that is best at judging, not the one that writes.
 */
export function createPorts(options: PortOptions): Ports {
  const notes = new Set<string>();
  const note = (text: string): void => {
    if (notes.has(text)) return;
    notes.add(text);
    options.onNote?.(text);
  };
  const as = (served: Served): Context => ({ ...served, note });
  const assistant = as(options.assistant);
  const reader = as(options.judge);
  const system = options.system ?? "";
  return {
    clock: systemClock,
    gather: gather(reader),
    answer: answer(assistant, options.speed, system),
    clarity: clarity(reader),
    draft: draft(assistant, system),
    table: prefersScored(reader.capabilities) ? scoredTable(reader) : jsonTable(reader),
    selector: options.selector ?? (() => null),
    user: user(as(options.simulator)),
    assistant: imagined(assistant, system),
    judge: judge(reader),
  };
}
