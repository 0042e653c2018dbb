import type { Browser, BrowserContext } from "@playwright/test";
import { expect, lengths, neverShrinks, Parley, play, recordLengths, test, watch } from "./support/parley.ts";

test("a reload in the middle: the text is there again, never shorter, and reads on to its end", async ({ parley }) => {
  const { page } = parley;
  await play("journeys", { tokenMs: 10 });
  await parley.open();
  await recordLengths(page);
  await parley.send("Tell me a long story");
  const before = await parley.textOf(80);
  expect(neverShrinks(await lengths(page))).toBe(true);

  await page.reload();
  await expect(parley.text()).not.toBeEmpty();
  await expect(parley.replies.last()).toHaveAttribute("data-state", "writing");
  expect((await parley.shownText()).length).toBeGreaterThanOrEqual(before.length);
  await parley.settled();
  await expect(parley.text()).toContainText(/^Once there was .* put out the lamp and went to sleep\.$/);
  expect(neverShrinks(await lengths(page))).toBe(true);
  expect((await parley.conversation()).messages.map((message) => message.text)).toEqual([
    "Tell me a long story",
    await parley.shownText(),
  ]);
  await expect(page.getByTestId("user-text")).toHaveCount(1);
  await expect(parley.replies).toHaveCount(1);
});

test("after a reload in the middle a reply can be stopped, and keeps its words", async ({ parley }) => {
  const { page } = parley;
  await play("journeys-slow");
  await parley.open();
  await parley.send("Tell me a long story");
  await parley.textOf(80);
  await page.reload();
  const before = await parley.textOf(80);
  await page.getByRole("button", { name: "Stop" }).click();
  await parley.settled("stopped");
  expect((await parley.shownText()).length).toBeGreaterThanOrEqual(before.length);
  await expect(page.getByTestId("user-text")).toHaveCount(1);
  await expect(parley.replies).toHaveCount(1);
});

test("a reload while it looks ahead comes back to the strip and to the same question", async ({ parley }) => {
  const { page } = parley;
  await play("journeys-slow");
  await parley.open();
  await parley.lookFar();
  await parley.send("Write an email to my landlord");
  await expect(page.getByTestId("stage")).toHaveText(/^Trying follow-ups/);
  await page.reload();
  await expect(parley.strip).toBeVisible();
  await play("journeys");
  await parley.settled();
  await expect(page.getByTestId("user-text")).toHaveCount(1);
  await expect(parley.replies).toHaveCount(1);
});

test("a second tab shows the same turn, ends with the same words, and can go on", async ({
  parley,
  context,
  baseURL,
}) => {
  const { page } = parley;
  await parley.open();
  await parley.send("Tell me a long story");
  await parley.textOf(40);
  const id = await parley.conversationId();

  const trouble: string[] = [];
  const other = new Parley(await context.newPage());
  watch(other.page, baseURL ?? "", trouble);
  await other.open(`/c/${id}`);
  await other.textOf(40);
  await parley.settled();
  await other.settled();
  await expect(other.page.getByTestId("user-text")).toHaveCount(1);
  expect(await other.shownText()).toBe(await parley.shownText());

  await other.ask("What is the capital of France?");
  await expect(page.getByTestId("user-text")).toHaveCount(2);
  await expect(parley.replies).toHaveCount(2);
  await parley.settled();
  await expect(parley.text()).toHaveText("The capital of France is Paris.");
  expect(trouble).toEqual([]);
});

/** A browser of its own with the same session: the cookie is all the two have in common. */
async function anotherBrowser(browser: Browser, context: BrowserContext, baseURL = "", trouble: string[] = []) {
  const { cookies } = await context.storageState();
  const other = await browser.newContext({ baseURL, storageState: { cookies, origins: [] } });
  const parley = new Parley(await other.newPage());
  watch(parley.page, baseURL, trouble);
  return { other: parley, close: () => other.close() };
}

async function expectTheSame(parley: Parley, other: Parley, turns: number): Promise<void> {
  await parley.settled();
  await other.settled();
  for (const { page, replies } of [parley, other]) {
    await expect(page.getByTestId("user-text")).toHaveCount(turns);
    await expect(replies).toHaveCount(turns);
  }
  // Markdown is drawn a moment after its words.
  await expect.poll(async () => (await other.shownText()) === (await parley.shownText())).toBe(true);
  expect((await parley.conversation()).messages).toHaveLength(2 * turns);
}

test("another browser with the same session: a running turn is there, and ends with the same words", async ({
  parley,
  browser,
  context,
  baseURL,
}) => {
  const trouble: string[] = [];
  await play("journeys", { tokenMs: 10 });
  await parley.open();
  await parley.send("Tell me a long story");
  await parley.textOf(40);

  const { other, close } = await anotherBrowser(browser, context, baseURL, trouble);
  await other.open();
  await recordLengths(other.page);
  await other.page.getByRole("link", { name: "Tell me a long story" }).click();
  await other.textOf(40);
  await expect(other.replies.last()).toHaveAttribute("data-state", "writing");
  await expectTheSame(parley, other, 1);
  expect(neverShrinks(await lengths(other.page))).toBe(true);
  await expect(other.text()).toContainText("put out the lamp and went to sleep.");
  expect(trouble).toEqual([]);
  await close();
});

test("another browser that shows the conversation already shows what began meanwhile, once, untouched", async ({
  parley,
  browser,
  context,
  baseURL,
}) => {
  await parley.open();
  await parley.ask("Show me a markdown sample");
  const { other, close } = await anotherBrowser(browser, context, baseURL);
  await other.open(`/c/${await parley.conversationId()}`);
  await expectTheSame(parley, other, 1);

  await play("journeys", { tokenMs: 15 });
  await parley.send("Tell me a long story");
  await expect(parley.replies).toHaveCount(2);
  await parley.textOf(40);
  // Nobody touches the other browser: it looks by itself, well before this story has ended.
  await expect(other.page.getByTestId("user-text")).toHaveCount(2);
  await expect(other.replies).toHaveCount(2);
  await other.textOf(40);
  await expect(other.replies.last()).toHaveAttribute("data-state", "writing");
  await expectTheSame(parley, other, 2);

  await play("journeys");
  await other.ask("What is the capital of France?");
  await expectTheSame(parley, other, 3);
  await expect(parley.text()).toHaveText("The capital of France is Paris.");
  await close();
});
