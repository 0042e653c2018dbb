import type { Page } from "@playwright/test";
import { expect, play, test } from "./support/parley.ts";

/** Where things stand in one frame: pixels from the top of the page, null for what is not there. */
type Frame = {
  turn: number;
  shows: "reading" | "strip" | "reply";
  question: number;
  composer: number;
  line: number | null;
};

/** Notes every frame from now on in which the last turn shows something. Read them with `frames`. */
async function watchFrames(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen: unknown[] = [];
    Object.assign(window, { seenFrames: seen });
    const last = (testid: string) => [...document.querySelectorAll(`[data-testid="${testid}"]`)].at(-1) ?? null;
    const top = (element: Element | null) => element?.getBoundingClientRect().top ?? null;
    /** The top of its first written line. */
    const lineOf = (element: Element | null) => {
      const text = element && document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode();
      if (!text) return null;
      const range = document.createRange();
      range.selectNodeContents(text);
      return range.getClientRects()[0]?.top ?? null;
    };
    const look = () => {
      const turns = document.querySelectorAll("[data-turn]");
      const shown = turns[turns.length - 1]?.querySelector(
        '[data-testid="reading"], [data-testid="strip"], [data-testid="reply"]',
      );
      const shows = shown?.getAttribute("data-testid");
      const words = shows === "reply" ? shown?.querySelector('[data-testid="reply-text"]') : shown;
      const line = shows === "strip" ? null : lineOf(words ?? null);
      if (shows)
        seen.push({
          turn: turns.length,
          shows,
          question: top(last("user-text")),
          composer: top(last("composer")),
          line,
        });
      requestAnimationFrame(look);
    };
    look();
  });
}

const frames = (page: Page): Promise<Frame[]> =>
  page.evaluate(() => (window as unknown as { seenFrames: Frame[] }).seenFrames);

/** How far apart the highest and the lowest place are. */
const spread = (places: readonly number[]): number => Math.max(...places) - Math.min(...places);
const atRest = (page: Page) =>
  page.waitForFunction(() => document.getAnimations().every((each) => each.playState !== "running"));

test("nothing moves when streamed words take the place of the line that waits for them, nor at their end", async ({
  parley,
}) => {
  const { page } = parley;
  await play("journeys-slow", { tokenMs: 6 });
  await parley.open();
  // The first is longer than the page; the second has to come to the top of it first, and is still from there on.
  for (const [turn, request] of ["Tell me a long story", "What is the capital of France?"].entries()) {
    await watchFrames(page);
    await parley.ask(request);
    await atRest(page);
    const seen = (await frames(page)).filter((frame) => frame.turn === turn + 1);
    const top = seen.at(-1)?.question ?? 0;
    const still = seen.slice(seen.findIndex(({ question }) => Math.abs(question - top) <= 1));
    expect(seen[0]?.shows).toBe("reading");
    if (turn === 0) expect(still).toHaveLength(seen.length);
    expect(still.map(({ shows }) => shows)).toContain("reply");
    expect(spread(still.map(({ question }) => question))).toBeLessThanOrEqual(1);
    expect(spread(seen.map(({ composer }) => composer))).toBeLessThanOrEqual(1);
    expect(spread(still.flatMap(({ line }) => line ?? []))).toBeLessThanOrEqual(1);
  }
  // A conversation that comes with the page is shown from its end.
  await page.reload();
  await parley.settled();
  await expect(page.getByTestId("user-text").first()).not.toBeInViewport();
  await expect(parley.replies.last()).toBeInViewport();
});

test("nothing moves when the chosen reply takes the place of the strip", async ({ parley }) => {
  const { page } = parley;
  await parley.open();
  await parley.lookFar();
  await play("journeys-slow");
  await parley.send("Write an email to my landlord");
  await expect(page.getByTestId("stage")).toHaveText(/^Trying follow-ups/);
  await watchFrames(page);
  await play("journeys");
  await parley.settled();
  await expect(page.getByTestId("quick-replies")).toBeVisible();
  await atRest(page);
  const seen = await frames(page);
  expect(seen[0]?.shows).toBe("strip");
  expect(seen.at(-1)?.shows).toBe("reply");
  expect(spread(seen.map(({ question }) => question))).toBeLessThanOrEqual(1);
  expect(spread(seen.map(({ composer }) => composer))).toBeLessThanOrEqual(1);
});
