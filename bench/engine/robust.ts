import type { Options } from "./options.ts";

export async function robustness(options: Options): Promise<string> {
  return `not yet: ${options.seed}`;
}
