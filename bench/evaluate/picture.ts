import type { Bin } from "./statistics/calibration.ts";

export type Curve = { name: string; bins: readonly Bin[] };

const SIZE = 320;
const LEFT = 48;
const TOP = 32;
const MOST_RADIUS = 14;

/** A reliability picture: what was stated against what was found, one circle a bin, its area the number of items. */
export function reliabilityPicture(title: string, curve: Curve): string {
  const most = Math.max(1, ...curve.bins.map((bin) => bin.n));
  const x = (value: number) => (LEFT + value * SIZE).toFixed(1);
  const y = (value: number) => (TOP + (1 - value) * SIZE).toFixed(1);
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  const grid = ticks.flatMap((tick) => [
    `<line x1="${x(tick)}" y1="${y(0)}" x2="${x(tick)}" y2="${y(1)}" class="grid"/>`,
    `<line x1="${x(0)}" y1="${y(tick)}" x2="${x(1)}" y2="${y(tick)}" class="grid"/>`,
    `<text x="${x(tick)}" y="${TOP + SIZE + 18}" text-anchor="middle">${tick}</text>`,
    `<text x="${LEFT - 8}" y="${(Number(y(tick)) + 4).toFixed(1)}" text-anchor="end">${tick}</text>`,
  ]);
  const points = curve.bins.map((bin) => `${x(bin.stated)},${y(bin.found)}`).join(" ");
  const circles = curve.bins.map(
    (bin) =>
      `<circle cx="${x(bin.stated)}" cy="${y(bin.found)}" r="${(3 + (MOST_RADIUS - 3) * Math.sqrt(bin.n / most)).toFixed(1)}"><title>${bin.n} items: stated ${bin.stated.toFixed(2)}, found ${bin.found.toFixed(2)}</title></circle>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${LEFT + SIZE + 24} ${TOP + SIZE + 56}" role="img" aria-label="${escaped(title)}">
<style>text{font:12px system-ui,sans-serif;fill:#444}.grid{stroke:#e4e2de}.ideal{stroke:#999;stroke-dasharray:4 4}polyline{fill:none;stroke:#2f6f5e;stroke-width:2}circle{fill:#2f6f5e;fill-opacity:.35;stroke:#2f6f5e}</style>
<rect width="100%" height="100%" fill="#fff"/>
<text x="${LEFT}" y="20">${escaped(title)}</text>
${grid.join("\n")}
<line x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}" class="ideal"/>
<polyline points="${points}"/>
${circles.join("\n")}
<text x="${LEFT + SIZE / 2}" y="${TOP + SIZE + 40}" text-anchor="middle">stated P(a question is best)</text>
<text x="14" y="${TOP + SIZE / 2}" text-anchor="middle" transform="rotate(-90 14 ${TOP + SIZE / 2})">share that wanted one</text>
</svg>
`;
}

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
