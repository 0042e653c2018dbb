import { expect, lengths, neverShrinks, Parley, play, recordLengths, test, watch } from "./support/parley.ts";

test("a reload in the middle: the text is there again, never shorter, and ends whole", async ({ parley }) => {
  const { page } = parley;
  await play("journeys-slow");
  await parley.open();
  await parley.send("Tell me a long story");
  await recordLengths(page);
  const before = await parley.textOf(80);
  expect(neverShrinks(await lengths(page))).toBe(true);

  await page.reload();
  await expect(parley.text()).not.toBeEmpty();
  await recordLengths(page);
  expect((await parley.shownText()).length).toBeGreaterThanOrEqual(before.length);
  await play("journeys");
  await page.getByRole("button", { name: "Stop" }).click();
  await parley.settled("stopped");
  expect(neverShrinks(await lengths(page))).toBe(true);
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
