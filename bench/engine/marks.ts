import type { SettingName } from "./settings.ts";
import type { Row } from "./summary.ts";

const verdict = (met: boolean): string => (met ? "met" : "NOT met");

/**
 * Rollouts that a family of uniform policies needs for a regret, on the line between the two of its points around it; null
 * where they do not enclose it, and then nothing can be said of equal regret.
 */
export function rolloutsFor(rows: readonly Row[], family: RegExp, regret: number): number | null {
  const points = rows.filter((row) => family.test(row.policy)).sort((a, b) => a.rollouts - b.rollouts);
  for (let index = 1; index < points.length; index += 1) {
    const [before, after] = [points[index - 1], points[index]];
    if (!before || !after || before.regret < regret || after.regret > regret) continue;
    const fall = before.regret - after.regret;
    const way = fall > 0 ? (before.regret - regret) / fall : 0;
    return before.rollouts + way * (after.rollouts - before.rollouts);
  }
  return null;
}

/** Where parley stands on the marks of engine.md section 6, with the figures. */
export function marks(setting: SettingName, rows: readonly Row[], generating: readonly number[]): string[] {
  const parley = rows.find((row) => row.policy === "parley");
  if (!parley) return [];
  const { rollouts, regret } = parley;
  const figure = `${rollouts.toFixed(1)} rollouts, regret ${regret.toFixed(4)}`;
  const lines: string[] = [];
  if (setting === "slots-ambiguous")
    lines.push(`mark: ≤ 26 rollouts at regret ≤ .026: ${figure}: ${verdict(rollouts <= 26 && regret <= 0.026)}`);
  if (setting === "slots-mixed") {
    const still = parley.clear_without_rollout ?? 0;
    const calls = generating[rows.indexOf(parley)] ?? 0;
    lines.push(
      `mark: ≤ 9.7 rollouts at regret ≤ .018: ${figure}: ${verdict(rollouts <= 9.7 && regret <= 0.018)}`,
      `goal: ≤ 8 rollouts at regret ≤ .015: ${verdict(rollouts <= 8 && regret <= 0.015)}`,
      `mark: ≥ 65 % of clear turns without a rollout: ${Math.round(100 * still)} %: ${verdict(still >= 0.65)}`,
      `mark: ≤ 16 generating calls a turn (goal 12): ${calls.toFixed(1)}: ${verdict(calls <= 16)}`,
    );
  }
  if (setting === "slots-ambiguous-cold")
    for (const row of rows.filter((entry) => /^parley(_fast|_deep|_kappa_.*)?$/.test(entry.policy)))
      for (const [name, family] of [
        ["uniform", /^uniform_\d/],
        ["paired uniform", /^uniform_paired_/],
      ] as const) {
        if (rows.filter((entry) => family.test(entry.policy)).length < 2) continue;
        const needed = rolloutsFor(rows, family, row.regret);
        const told =
          needed === null
            ? `${name}'s points do not enclose it: undecided`
            : `${name} needs ${needed.toFixed(1)} (${(row.rollouts / needed).toFixed(2)} of it): ${verdict(row.rollouts <= needed / 2)}`;
        lines.push(
          `mark: half of ${name}'s rollouts at equal regret: ${row.policy} ${row.rollouts.toFixed(1)} at ${row.regret.toFixed(4)}, ${told}`,
        );
      }
  return lines.length > 0 ? ["", ...lines] : [];
}
