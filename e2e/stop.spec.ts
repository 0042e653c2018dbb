import { expect, play, test } from "./support/parley.ts";

test("a stopped reply keeps its words, does not grow back, and goes on when asked to", async ({ parley }) => {
  const { page } = parley;
  await play("journeys-slow");
  await parley.open();
  await parley.send("Tell me a long story");
  await parley.textOf(60);
  await page.getByRole("button", { name: "Stop" }).click();
  await parley.settled("stopped");
  const kept = await parley.shownText();
  expect(kept).toContain("lighthouse keeper");
  await expect.poll(async () => (await parley.conversation()).messages.at(-1)?.state).toBe("stopped");
  await page.reload();
  await parley.settled("stopped");
  expect(await parley.shownText()).toBe(kept);
  expect((await parley.conversation()).liveRun).toBeNull();

  await play("journeys");
  await page.getByTestId("cut").getByRole("button", { name: "Go on" }).click();
  await expect(parley.text()).toContainText("put out the lamp and went to sleep.", { timeout: 45_000 });
  await parley.settled();
  await expect(page.getByTestId("user-text")).toHaveCount(1);
});

test("stopping while it looks ahead shows nothing that was not chosen", async ({ parley }) => {
  const { page } = parley;
  await play("journeys-slow");
  await parley.open();
  await parley.send("Write an email to my landlord");
  await expect(parley.strip).toBeVisible();
  await page.keyboard.press("Escape");
  await parley.settled("stopped");
  await expect(parley.text()).toHaveCount(0);
  await play("journeys");
  await page.getByTestId("cut").getByRole("button", { name: "Go on" }).click();
  await parley.settled();
  await expect(parley.text()).not.toBeEmpty();
});
