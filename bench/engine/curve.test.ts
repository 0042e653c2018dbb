import { describe, expect, test } from "vitest";
import { curves, drawSvg, drawText, isCurve } from "./curve.ts";
import { row } from "./fixture.ts";

const drawn = curves([
  row("parley_deep", 30, 0.01),
  row("parley", 12, 0.02),
  row("uniform_paired_6", 60, 0.05),
  row("uniform_3", 15, 0.08),
  row("uniform_6", 30, 0.06),
  row("reference", 15, 0.07),
]);

test("families with a budget, each from cheap to dear; others are no curve", () => {
  expect(drawn.map(({ name, points }) => [name, points.map(({ rollouts }) => rollouts)])).toEqual([
    ["parley", [12, 30]],
    ["uniform, paired", [60]],
    ["uniform", [15, 30]],
  ]);
  expect(drawn.map(isCurve)).toEqual([true, false, true]);
});

describe("as text", () => {
  const lines = drawText(drawn).split("\n");
  const at = (line: number, column: number) => lines[line]?.split("│")[1]?.[column];

  test("every point stands where its regret and its rollouts are", () => {
    // Thirteen lines from the highest regret, .08, down to 0; 61 columns to the most rollouts, 60.
    expect(at(0, 15)).toBe("·");
    expect(at(3, 30)).toBe("·");
    expect(at(4, 60)).toBe("○");
    expect(at(9, 12)).toBe("●");
    expect(at(10, 30)).toBe("●");
    expect(lines.slice(0, 13).join("").match(/[●○·]/g)).toHaveLength(5);
  });

  test("with its scale and a legend", () => {
    expect(lines[0]).toMatch(/^0\.080 /);
    expect(lines[12]).toMatch(/^0\.000 /);
    expect(lines[13]).toContain("60 rollouts a turn");
    expect(lines[14]).toContain("● parley   ○ uniform, paired   · uniform");
  });
});

describe("as a picture", () => {
  const svg = drawSvg([
    { setting: "slots-ambiguous", curves: drawn },
    { setting: "goals", curves: drawn },
  ]);

  test("a panel a setting, a line a family, a dot a point, lower regret lower down", () => {
    expect(svg.match(/<g transform=/g)).toHaveLength(2);
    expect(svg.match(/<circle /g)).toHaveLength(10);
    const lines = Array.from(svg.matchAll(/<polyline points="([^"]*)"/g), ([, points = ""]) =>
      points.split(" ").map((point) => point.split(",").map(Number)),
    );
    expect(lines).toHaveLength(6);
    const [[cheap = [], dear = []] = []] = lines;
    expect(dear[0]).toBeGreaterThan(cheap[0] ?? Number.NaN);
    expect(dear[1]).toBeGreaterThan(cheap[1] ?? Number.NaN);
    expect(svg).toContain(">slots-ambiguous</text>");
    expect(svg).toContain(">uniform, paired</text>");
  });

  test("well formed, with no number that is none", () => {
    const open = svg.match(/<[a-z]+[^>]*[^/]>/g)?.length;
    expect(open).toBe((svg.match(/<\/[a-z]+>/g) ?? []).length);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(drawSvg([{ setting: "goals", curves: curves([row("parley", 0, 0)]) }])).not.toMatch(/NaN|Infinity/);
  });
});
