import { asks } from "../shared/kinds.ts";
import type { Candidate, Table, TableCell } from "./ports.ts";
import { mostQuestions } from "./reward.ts";

/**
 * A table whose every number can be reckoned with, whatever its maker said: a usefulness that is none is no opinion, a count
 * of questions that is none is what a maker without an opinion says, and one without end is many.
 */
export function tidied(table: Table, candidates: readonly Pick<Candidate, "id" | "kind">[]): Table {
  const asking = new Set(candidates.filter(({ kind }) => asks(kind)).map(({ id }) => id));
  const { sensitivity, ...rest } = table;
  return {
    ...rest,
    ...(sensitivity !== undefined && Number.isFinite(sensitivity) ? { sensitivity } : {}),
    rows: table.rows.map((row) => ({
      ...row,
      cells: row.cells.map((cell) => tidiedCell(cell, Number(asking.has(row.candidate)))),
    })),
  };
}

function tidiedCell(cell: TableCell, usual: number): TableCell {
  const { usefulness, questions } = cell;
  return {
    ...cell,
    usefulness: usefulness !== null && Number.isFinite(usefulness) ? within(usefulness, 1) : null,
    questions: Number.isNaN(questions) ? usual : within(questions, mostQuestions),
  };
}

const within = (value: number, most: number): number => Math.min(most, Math.max(0, value));
