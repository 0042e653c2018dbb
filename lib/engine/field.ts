import { asks } from "../shared/kinds.ts";
import type { Gaussian } from "./gaussian.ts";
import { ordered, type Reading, type Readings, readingsOf } from "./intents.ts";
import type { Candidate, Clarity, Prior, Table, TableCell } from "./ports.ts";
import { type Noise, priorOf } from "./posterior.ts";
import { effort, tailValue } from "./reward.ts";
import { askingShift, type Turn } from "./turn.ts";
import { expectedSuccess, quitRate } from "./user.ts";
import type { Work } from "./work.ts";

/** What a turn decides on: candidates (coordinates 0 … n−1), readings, what the table says, and the prior. */
export interface Field {
  readonly candidates: readonly Candidate[];
  readonly readings: Readings;
  /** The readings in the order in which stratified draws meet them. */
  readonly line: readonly Reading[];
  readonly table: Table | null;
  readonly cell: (candidate: number, column: number) => TableCell | null;
  readonly prior: Gaussian;
  readonly priorMean: readonly number[];
  readonly priorSd: readonly number[];
  readonly source: "selector" | "table" | "none";
  readonly noise: Noise;
  /**
   * The control variate: how much better than its own average a candidate is expected to fare under a column, in units
   * of MR; its weighted mean over the readings is 0. Subtracting it takes the luck of the drawn intents out of a rollout
   * and leaves every mean as it was.
   */
  readonly control: (candidate: number, column: number) => number;
  /** Added to a candidate's MR for the person's "how readily it asks". */
  readonly shift: readonly number[];
}

const noReadings: Readings = { list: [], other: 0 };
/** Turns a selector must have been learned from. */
const selectorTurns = 50;

const pairKey = (a: string, b: string): string => (a < b ? `${a} ${b}` : `${b} ${a}`);

const usable = ({ mean, sd }: Prior["candidates"][string]): boolean =>
  Number.isFinite(mean) && Number.isFinite(sd) && sd > 0;

/** The selector's prior where it has seen enough turns, else null. Candidates whose numbers are none it has not spoken of. */
export function learnedPrior(
  work: Work,
  clarity: Clarity | null,
  candidates: readonly Pick<Candidate, "id" | "kind">[],
  table: Table | null,
): Prior | null {
  if (!work.turn.policy.prior.use) return null;
  const described = candidates.map((candidate) => ({
    id: candidate.id,
    kind: candidate.kind,
    tokens: "tokens" in candidate && typeof candidate.tokens === "number" ? candidate.tokens : null,
  }));
  const prior = work.ports.selector({ history: work.history(), clarity, candidates: described, table });
  if (prior === null || !(prior.turns >= selectorTurns)) return null;
  const known = Object.entries(prior.candidates).filter(([, entry]) => usable(entry));
  return known.length > 0 ? { ...prior, candidates: Object.fromEntries(known) } : null;
}

const finite = (value: number | undefined, otherwise: number): number =>
  value !== undefined && Number.isFinite(value) ? value : otherwise;

function correlationsOf(ids: readonly string[], given: Readonly<Record<string, number>> | undefined): number[][] {
  return ids.map((a) => ids.map((b) => (a === b ? 1 : finite(given?.[pairKey(a, b)], 0))));
}

/** A selector's prior over these candidates as a Gaussian. */
export function gaussianOf(
  prior: Prior,
  candidates: readonly Pick<Candidate, "id">[],
  shift: readonly number[],
): { gaussian: Gaussian; mean: number[]; sd: number[] } {
  const ids = candidates.map((candidate) => candidate.id);
  const known = ids.flatMap((id) => (prior.candidates[id] ? [prior.candidates[id]] : []));
  const middle = known.reduce((sum, entry) => sum + entry.mean, 0) / Math.max(1, known.length);
  const widest = known.reduce((most, entry) => Math.max(most, entry.sd), 0.01);
  const mean = ids.map((id, index) => (prior.candidates[id]?.mean ?? middle) + (shift[index] ?? 0));
  const sd = ids.map((id) => prior.candidates[id]?.sd ?? widest);
  return { gaussian: priorOf(mean, sd, correlationsOf(ids, prior.correlations)), mean, sd };
}

/** Σ0: the selector's where it knows better, else the logs'. */
export function noiseOf(turn: Turn, candidates: readonly Pick<Candidate, "id">[], learned: Prior | null): Noise {
  const ids = candidates.map((candidate) => candidate.id);
  return {
    sd: ids.map((id) => finite(learned?.noise?.sd[id], turn.noise.sd) || turn.noise.sd),
    correlation: learned?.noise?.correlations
      ? correlationsOf(ids, learned.noise.correlations)
      : ids.map((a) => ids.map((b) => (a === b ? 1 : turn.noise.correlation))),
  };
}

/** What is added to each candidate's MR for the person's setting. */
export function shiftsOf(turn: Turn, candidates: readonly Pick<Candidate, "kind">[]): number[] {
  return candidates.map((candidate) => (asks(candidate.kind) ? askingShift[turn.asking].reward : 0));
}

/**
 * A candidate's row of the table as one number per column, in units of MR: usefulness less the candidate's own length; of
 * a question, usefulness if the user stays through all the questions still needed, less what these cost. Null where the
 * table has no opinion of some column.
 */
function rowOf(turn: Turn, candidate: Candidate, cells: readonly TableCell[] | null): number[] | null {
  if (cells === null) return null;
  const row: number[] = [];
  for (const cell of cells) {
    if (cell.usefulness === null) return null;
    const own = effort(turn.policy.lambda, candidate.tokens);
    const asked = candidate.kind === "ask" ? Math.max(1, cell.questions) : 0;
    row.push(asked > 0 ? tailValue(cell.usefulness, asked, quitRate(turn.rates, 1), -own) : cell.usefulness + own);
  }
  return row;
}

/** Puts candidates and table (a tidied one) together. `table` null: no readings, no rollouts, the prior alone. */
export function makeField(
  work: Work,
  candidates: readonly Candidate[],
  table: Table | null,
  clarity: Clarity | null,
): Field {
  const { turn } = work;
  const { policy } = turn;
  const n = candidates.length;
  const readings = table === null || table.intents.length === 0 ? noReadings : readingsOf(table);
  const width = readings.list.length;
  const cellsById = new Map(table?.rows.map((row) => [row.candidate, row.cells]));
  const cells = candidates.map((candidate) => {
    const given = cellsById.get(candidate.id);
    return given !== undefined && given.length >= width && width > 0 ? given : null;
  });
  const rows = candidates.map((candidate, index) => rowOf(turn, candidate, cells[index] ?? null));
  const means = rows.map((row) =>
    row === null ? null : readings.list.reduce((sum, reading) => sum + reading.share * (row[reading.column] ?? 0), 0),
  );

  const shift = shiftsOf(turn, candidates);
  const learned = learnedPrior(work, clarity, candidates, table);
  const noise = noiseOf(turn, candidates, learned);
  const known = means.flatMap((mean) => (mean === null ? [] : [mean]));
  const contrast = contrastOf(rows, means) ?? misfitOf(cells);
  const line = ordered(readings.list, contrast);
  const control = controlOf(work, candidates, cells, readings);
  const common = { candidates, readings, line, table, shift, noise, control, cell: cellAt };
  if (learned !== null) {
    const { gaussian, mean, sd } = gaussianOf(learned, candidates, shift);
    return { ...common, prior: gaussian, priorMean: mean, priorSd: sd, source: "selector" };
  }
  const usesTable = policy.prior.use && known.length > 0;
  const grand = known.reduce((sum, mean) => sum + mean, 0) / Math.max(1, known.length);
  const mean = candidates.map((_, index) => {
    const own = usesTable ? (means[index] ?? grand) : grand;
    return turn.trust * policy.tableShare * (own - grand) + (shift[index] ?? 0);
  });
  // A table that proved useless is no table: its narrow τ goes with its means. One that read no reply keeps only these.
  const informed = usesTable && table?.kindsOnly !== true ? turn.trust : 0;
  const width2 = policy.prior.use ? informed * policy.prior.sd + (1 - informed) * policy.prior.flatSd : 10;
  const sd = Array.from({ length: n }, () => width2);
  return {
    ...common,
    prior: priorOf(mean, sd),
    priorMean: mean,
    priorSd: sd,
    source: usesTable ? "table" : "none",
  };

  function cellAt(candidate: number, column: number): TableCell | null {
    return cells[candidate]?.[column] ?? null;
  }
}

function controlOf(
  work: Work,
  candidates: readonly Candidate[],
  cells: readonly (readonly TableCell[] | null)[],
  readings: Readings,
): Field["control"] {
  const { policy, rates, trust } = work.turn;
  if (policy.control === 0) return () => 0;
  const tables = candidates.map((candidate, index) => {
    const row = cells[index];
    // Half a row says nothing of how the columns compare.
    if (!row || row.some((cell) => cell.stances === undefined && cell.usefulness === null)) return null;
    const expected = row.map((cell) => {
      if (cell.stances !== undefined) return policy.control * expectedSuccess(candidate.kind, cell.stances, rates);
      return policy.control * trust * (cell.usefulness ?? 0);
    });
    const mean = readings.list.reduce((sum, { share, column }) => sum + share * (expected[column] ?? 0), 0);
    return expected.map((value) => value - mean);
  });
  return (candidate, column) => tables[candidate]?.[column] ?? 0;
}

/** How many facts of a column the candidates have wrong: what is alike in that fares alike. */
function misfitOf(cells: readonly (readonly TableCell[] | null)[]): (column: number) => number {
  return (column) =>
    cells.reduce(
      (sum, row) =>
        sum + (row?.[column]?.stances?.reduce((wrong, stance) => wrong + Number(stance === "wrong"), 0) ?? 0),
      0,
    );
}

/** How much a column favours the best row over the second best; null where the table has no opinion. */
function contrastOf(
  rows: readonly (number[] | null)[],
  means: readonly (number | null)[],
): ((column: number) => number) | null {
  const order = means
    .map((mean, index) => ({ mean, index }))
    .filter((entry): entry is { mean: number; index: number } => entry.mean !== null)
    .sort((a, b) => b.mean - a.mean);
  const first = rows[order[0]?.index ?? -1];
  const second = rows[order[1]?.index ?? -1];
  if (!first || !second) return null;
  return (column) => (first[column] ?? 0) - (second[column] ?? 0);
}

/**
 * EVPI of the table: what knowing the intent before the reply would add to the best row that asks nothing, in units of MR.
 * Whoever knows the intent gives the reply that suits it best: one of the drafts, or the one that a question leads to, which
 * is worth what the asking row is worth once its first question is answered, less its own length. Null where the table
 * has no opinion.
 * @param reply length in tokens of a reply made for a known intent
 */
export function informationValue(
  field: Field,
  turn: Turn,
  reply: number,
): { readonly value: number; readonly best: number } | null {
  const rows: { readonly asks: boolean; readonly values: readonly number[] }[] = [];
  for (const [index, candidate] of field.candidates.entries()) {
    const cells = field.readings.list.map((reading) => field.cell(index, reading.column));
    const known = cells.flatMap((cell) => (cell === null ? [] : [cell]));
    const values = known.length < cells.length ? null : rowOf(turn, candidate, known);
    if (values === null) return null;
    const asking = asks(candidate.kind);
    rows.push({ asks: asking, values: asking ? answered(candidate, known) : values });
  }
  const still = rows.filter((row) => !row.asks);
  if (still.length === 0 || rows.length < 2) return null;
  const meanOf = (valueAt: (column: number) => number) =>
    field.readings.list.reduce((sum, reading, column) => sum + reading.share * valueAt(column), 0);
  const best = Math.max(...still.map((row) => meanOf((column) => row.values[column] ?? 0)));
  const knowing = meanOf((column) => Math.max(...rows.map((row) => row.values[column] ?? 0)));
  return { value: Math.max(0, knowing - best), best };

  /** Usefulness once the first question is answered, through those still needed, less the reply that ends it. */
  function answered(candidate: Candidate, cells: readonly TableCell[]): number[] {
    const { lambda } = turn.policy;
    const quits = quitRate(turn.rates, 1);
    return cells.map(({ usefulness, questions }) => {
      const further = tailValue(usefulness ?? 0, Math.max(0, questions - 1), quits, -effort(lambda, candidate.tokens));
      return further + effort(lambda, reply);
    });
  }
}
