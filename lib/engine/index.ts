/** The engine's face: what other rooms import. */
export { decide, deliberate } from "./deliberate.ts";
export { noiseFrom } from "./noise.ts";
export {
  always,
  evpi,
  halving,
  type Policy,
  presetPolicies,
  reference,
  table,
  ttts,
  uniformRollouts,
} from "./policy.ts";
export type * from "./ports.ts";
export { PortFailure } from "./ports.ts";
export { auditShare, type LoggedTurn, loggedTurn, trustFrom } from "./trust.ts";
export {
  askingShift,
  firstNoise,
  type LoggedNoise,
  type Speeds,
  type Turn,
  type TurnEvent,
  TurnFailed,
  TurnStopped,
} from "./turn.ts";
export { liveRates, type UserRates } from "./user.ts";
