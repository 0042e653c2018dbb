import pino from "pino";

/** One JSON line an event on stdout. At info level and above no line holds what people or models wrote. */
export const log = pino({ base: { name: "parley" }, timestamp: pino.stdTimeFunctions.isoTime });
