import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type Capabilities, passingOf, probeVersion } from "../models/capabilities.ts";
import { environment } from "./env.ts";

/**
 * What the embedded model can do, kept in the data folder, because asking a model on two cores takes many seconds and the
 * second start should take few. A server of the user's own is asked at every start: it may be another one by now.
 */
const fileSchema = z.object({ key: z.string(), capabilities: z.array(z.looseObject({ model: z.string() })) });

const fileOf = (): string => join(environment().dataFolder, "capabilities.json");
const keyOf = (embeddedModel: string): string => `${embeddedModel} ${probeVersion}`;

/** What was found out about this very embedded model; nothing when it is another, or none. */
export function recall(embeddedModel: string | undefined): Capabilities[] {
  if (!embeddedModel) return [];
  try {
    const { key, capabilities } = fileSchema.parse(JSON.parse(readFileSync(fileOf(), "utf8")));
    // The key says that this very code wrote it.
    return key === keyOf(embeddedModel) ? (capabilities as unknown as Capabilities[]) : [];
  } catch {
    return [];
  }
}

/** Keeps what will be so again for the next start; that it cannot be kept is no reason to fail. */
export function remember(embeddedModel: string | undefined, capabilities: Capabilities[]): void {
  if (!embeddedModel) return;
  try {
    const lasting = {
      key: keyOf(embeddedModel),
      capabilities: capabilities.filter((each) => passingOf(each) === null),
    };
    writeFileSync(fileOf(), JSON.stringify(lasting, null, 2));
  } catch {
    // The next start asks again.
  }
}
