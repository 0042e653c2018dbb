import { type Capabilities, isSlow } from "./capabilities.ts";

/**
 * How this endpoint's model is best asked for judgements. `scored`: it is small (slow, does not keep to JSON, or cannot
 * judge in words) and tells next-token probabilities of raw completions. `json`: everything else; where JSON is unreliable too, it is parsed
 * leniently and what cannot be read is left out.
 */
export const prefersScored = (capabilities: Capabilities): boolean =>
  capabilities.completions && (isSlow(capabilities) || !capabilities.jsonSchema || capabilities.judges === false);
