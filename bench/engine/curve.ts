import type { Row } from "./summary.ts";

/** Regret against budget: the families that have a budget, each from cheap to dear. */
export interface Curve {
  readonly name: string;
  readonly points: readonly { readonly rollouts: number; readonly regret: number }[];
}

const families: readonly { readonly name: string; readonly of: (policy: string) => boolean }[] = [
  { name: "parley", of: (policy) => policy.startsWith("parley") },
  { name: "uniform, paired", of: (policy) => policy.startsWith("uniform_paired_") },
  { name: "uniform", of: (policy) => /^uniform_\d/.test(policy) },
];

export function curves(rows: readonly Row[]): Curve[] {
  return families.map(({ name, of }) => ({
    name,
    points: rows
      .filter((row) => of(row.policy))
      .map(({ rollouts, regret }) => ({ rollouts, regret }))
      .sort((a, b) => a.rollouts - b.rollouts),
  }));
}

/** A single point is no curve. */
export const isCurve = (curve: Curve): boolean => curve.points.length > 1;

const height = 12;
const width = 60;
const marks = ["●", "○", "·"];

/** The curves as text, regret upwards, rollouts to the right. */
export function drawText(list: readonly Curve[]): string {
  const points = list.flatMap((curve) => curve.points);
  const most = Math.max(...points.map((point) => point.regret));
  const widest = Math.max(...points.map((point) => point.rollouts));
  const canvas = Array.from({ length: height + 1 }, () => Array.from({ length: width + 1 }, () => " "));
  list.forEach((curve, index) => {
    for (const point of curve.points) {
      const row = canvas[height - Math.round((point.regret / most) * height)];
      const column = Math.round((point.rollouts / widest) * width);
      if (row) row[column] = marks[index] ?? "?";
    }
  });
  const lines = canvas.map((row, index) => {
    const label = index % 4 === 0 ? ((most * (height - index)) / height).toFixed(3) : "     ";
    return `${label} │${row.join("").trimEnd()}`;
  });
  const legend = list.map((curve, index) => `${marks[index] ?? "?"} ${curve.name}`).join("   ");
  return [...lines, `      └${"─".repeat(width)} ${widest.toFixed(0)} rollouts a turn`, `       ${legend}`].join("\n");
}

/** The curves as an SVG picture, one panel a setting. */
export function drawSvg(panels: readonly { readonly setting: string; readonly curves: readonly Curve[] }[]): string {
  const [panelWidth, panelHeight, left, top] = [360, 240, 48, 36];
  const colours = ["#1f5fbf", "#b3541e", "#777777"];
  const body = panels.map(({ setting, curves: list }, panel) => {
    const points = list.flatMap((curve) => curve.points);
    const most = Math.max(...points.map((point) => point.regret), 1e-9);
    const widest = Math.max(...points.map((point) => point.rollouts), 1e-9);
    const x = (rollouts: number) => (left + (rollouts / widest) * (panelWidth - left - 16)).toFixed(1);
    const y = (regret: number) => (panelHeight - 36 - (regret / most) * (panelHeight - top - 36)).toFixed(1);
    const lines = list.map((curve, index) => {
      const path = curve.points.map((point) => `${x(point.rollouts)},${y(point.regret)}`).join(" ");
      const dots = curve.points
        .map((point) => `<circle cx="${x(point.rollouts)}" cy="${y(point.regret)}" r="3"/>`)
        .join("");
      const colour = colours[index] ?? "#000000";
      const key = `<text x="${panelWidth - 110}" y="${top + 14 * index}">${curve.name}</text>`;
      return `<g stroke="${colour}" fill="none"><polyline points="${path}"/></g><g fill="${colour}">${dots}${key}</g>`;
    });
    const axes = `<g stroke="#999999"><path d="M${left} ${top}V${panelHeight - 36}H${panelWidth - 16}" fill="none"/></g>`;
    const labels =
      `<text x="${left}" y="20" font-weight="600">${setting}</text>` +
      `<text x="4" y="${top + 4}">${most.toFixed(3)}</text><text x="4" y="${panelHeight - 36}">0</text>` +
      `<text x="${panelWidth - 130}" y="${panelHeight - 14}">${widest.toFixed(0)} rollouts a turn</text>`;
    return `<g transform="translate(${panel * panelWidth} 0)">${axes}${lines.join("")}${labels}</g>`;
  });
  const size = `width="${panels.length * panelWidth}" height="${panelHeight}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="11">${body.join("")}</svg>\n`;
}
