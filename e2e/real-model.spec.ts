import { type App, startApp } from "./support/app.ts";
import { test as base, expect, Parley, watch } from "./support/parley.ts";

/** Parley on its own embedded model. Its start, weights and build included, has a time of its own and takes none of the turns'. */
const test = base.extend<{ app: App }>({
  app: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern
    async ({}, use) => {
      const app = await startApp();
      await use(app);
      await app.remove();
    },
    { timeout: 300_000 },
  ],
});

/**
 * The one journey on the real embedded model. Where its weights can't be had the start fails and says so, and so does this:
 * it never skips. Both turns have 300 s together, the limit of the issue.
 */
test("the embedded model: a clear request is answered, a vague one is chosen by real imagined futures", async ({
  app,
  browser,
}) => {
  test.setTimeout(300_000);
  // Without a graphics card a moving strip costs half a core, which the model needs.
  const context = await browser.newContext({ baseURL: app.url, reducedMotion: "reduce" });
  context.setDefaultTimeout(300_000);
  const parley = new Parley(await context.newPage());
  const trouble: string[] = [];
  watch(parley.page, app.url, trouble);
  const answered = () => expect(parley.replies.last()).toHaveAttribute("data-state", "done", { timeout: 300_000 });
  await parley.open();
  await parley.send("What is the capital of France?");
  await answered();
  await expect(parley.text()).toContainText("Paris");
  expect((await parley.decision()).decision).toMatchObject({ path: "clear", rollouts: [] });

  await parley.lookFar();
  await parley.page.keyboard.press("Control+k");
  await expect(parley.replies).toHaveCount(0);
  // So open that nothing is near enough to decide beforehand: what may be lost is three times what the gate lets through.
  await parley.send("Write a speech.");
  await answered();
  const { decision } = await parley.decision();
  expect(decision).toMatchObject({ preset: "deep", path: "lookahead" });
  expect(wholeBlocks(decision.rollouts)).toBeGreaterThan(0);
  await parley.openWhy();
  await expect(parley.sheet.getByTestId("future").first()).toContainText("Imagined");
  expect(trouble).toEqual([]);
  await context.close();
});

type Rollouts = Awaited<ReturnType<Parley["decision"]>>["decision"]["rollouts"];

/** Blocks in which two candidates or more were played, every one of them to its end and with a score. */
function wholeBlocks(rollouts: Rollouts): number {
  const blocks = Map.groupBy(rollouts, (each) => each.block);
  return [...blocks.values()].filter(
    (played) =>
      new Set(played.map((each) => each.candidateId)).size >= 2 &&
      played.every((each) => each.state === "done" && each.turns.length > 0 && each.reward !== null),
  ).length;
}
