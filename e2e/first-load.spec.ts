import { gzipSync } from "node:zlib";
import { expect, test } from "./support/parley.ts";

/** Kilobytes of 1,024 bytes, gzip at its best level, the scripts that the first HTML names; old browsers' polyfills left out. */
const limit = 250;

test(`the first load of the page holds at most ${limit} KB of JavaScript, Markdown apart`, async ({ parley }) => {
  const { page } = parley;
  const html = await (await page.request.get("/")).text();
  const tags = [...html.matchAll(/<script[^>]*\ssrc="([^"]+)"[^>]*>/g)].filter(([tag]) => !/nomodule/i.test(tag));
  const sizes = new Map<string, number>();
  for (const [, source = ""] of tags) {
    sizes.set(source, gzipSync(await (await page.request.get(source)).body(), { level: 9 }).length / 1_024);
  }
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  console.log(`first load: ${total.toFixed(1)} KB in ${sizes.size} scripts`);
  expect(sizes.size).toBeGreaterThan(3);
  expect(total).toBeLessThanOrEqual(limit);
});
