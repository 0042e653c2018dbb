import type { Ports } from "../../lib/engine/ports.ts";

/** A stopwatch for what a world's ports take, so that the engine's own compute can be told from the world's play. */
export interface Stopwatch {
  ms: number;
}

/** The same ports, their time added up. They answer at once (worlds do); the table is timed from when it has its drafts. */
export function timed(ports: Ports, watch: Stopwatch): Ports {
  const taking =
    <Input, Answer>(run: (input: Input) => Answer) =>
    (input: Input): Answer => {
      const began = performance.now();
      try {
        return run(input);
      } finally {
        watch.ms += performance.now() - began;
      }
    };
  return {
    clock: ports.clock,
    answer: taking((input) => ports.answer(input)),
    clarity: taking((input) => ports.clarity(input)),
    draft: taking((input) => ports.draft(input)),
    async table(input) {
      const drafts = Promise.resolve(await input.drafts);
      const began = performance.now();
      const made = await ports.table({ ...input, drafts });
      watch.ms += performance.now() - began;
      return made;
    },
    selector: ports.selector,
    user: taking((input) => ports.user(input)),
    assistant: taking((input) => ports.assistant(input)),
    judge: taking((input) => ports.judge(input)),
  };
}
