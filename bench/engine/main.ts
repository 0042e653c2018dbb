import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { Worker } from "node:worker_threads";
import { curves, drawSvg, drawText, isCurve } from "./curve.ts";
import { dumpEntry } from "./dump.ts";
import { limits } from "./limits.ts";
import { marks } from "./marks.ts";
import { type Options, readOptions, usage } from "./options.ts";
import { contestants, stageName, stages } from "./policies.ts";
import { learn, type SettingName, settingNames } from "./settings.ts";
import { type Row, summarise, table } from "./summary.ts";
import type { Slice, SliceResult } from "./worker.ts";

/** Plays a setting on worker threads, instances dealt out in turn. */
async function playSetting(setting: SettingName, { seed, instances, workers, policies }: Options) {
  const model = await learn(setting);
  const parts = Array.from({ length: workers }, (_, first) => {
    const slice: Slice = { setting, model, seed, first, step: workers, instances, policies };
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: slice });
    return new Promise<SliceResult[]>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
  });
  return (await Promise.all(parts)).flat().sort((a, b) => a.index - b.index);
}

/** A name that stands nowhere would quietly measure nothing. */
function checkNames({ settings, policies }: Options): void {
  const known = new Set(settingNames.flatMap((setting) => contestants(setting).map(({ name }) => name)));
  for (const rounds of stages) known.add(stageName(rounds));
  const strange = [
    ...(settings ?? []).filter((name) => !(settingNames as readonly string[]).includes(name)),
    ...(policies ?? []).filter((name) => !known.has(name)),
  ];
  if (strange.length === 0) return;
  throw new RangeError(
    `unknown: ${strange.join(", ")}. Settings: ${settingNames.join(", ")}. Policies: ${[...known].join(", ")}`,
  );
}

async function compare(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(usage);
    return;
  }
  if (options.robust) {
    const { robustness } = await import("./robust.ts");
    console.log(await robustness(options));
    return;
  }
  checkNames(options);
  if (options.limits) {
    for (const setting of settingNames) {
      if (options.settings !== null && !options.settings.includes(setting)) continue;
      const policies = ["parley", ...stages.map(stageName)];
      console.log(limits(setting, await playSetting(setting, { ...options, policies })));
    }
    return;
  }
  const all: Row[] = [];
  const dumped: unknown[] = [];
  const panels = [];
  for (const setting of settingNames) {
    if (options.settings !== null && !options.settings.includes(setting)) continue;
    const began = performance.now();
    const results = await playSetting(setting, options);
    const names = contestants(setting, options.policies).map(({ name }) => name);
    const { rows, generating } = summarise(setting, names, results, options.seed);
    all.push(...rows);
    const drawn = curves(rows);
    if (drawn.some(isCurve)) panels.push({ setting, curves: drawn });
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    console.log(`\n${setting}: ${results.length} instances, seed ${options.seed}, ${seconds} s\n`);
    console.log(table(rows, generating));
    if (drawn.some(isCurve)) console.log(`\n${drawText(drawn)}`);
    for (const line of marks(setting, rows, generating)) console.log(line);
    dumped.push(...results.map((result) => dumpEntry(setting, names, result)));
  }
  if (options.json) await writeFile(options.json, `${JSON.stringify(all, null, 1)}\n`);
  if (options.dump) await writeFile(options.dump, `${JSON.stringify(dumped)}\n`);
  if (panels.length === 0) return;
  await mkdir(dirname(options.svg), { recursive: true });
  await writeFile(options.svg, drawSvg(panels));
  console.log(`\nregret against budget: ${options.svg}`);
}

try {
  await compare();
} catch (error) {
  // A wrong option is told in one line; anything else is a fault and keeps its stack.
  if (!(error instanceof RangeError) && !(error instanceof TypeError && "code" in error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
