import { readFile } from "node:fs/promises";
import { expect, test } from "./support/parley.ts";

test("what is one's own can be taken along, and deleted for good", async ({ parley }) => {
  const { page } = parley;
  await parley.open();
  await parley.ask("What is the capital of France?");
  await page.getByRole("textbox", { name: "Message" }).fill("Half a thought");
  await page.getByRole("button", { name: "Settings", exact: true }).click();
  const settings = page.getByRole("dialog", { name: "Settings" });
  const download = page.waitForEvent("download");
  await settings.getByRole("link", { name: "Download" }).click();
  const file = JSON.parse(await readFile(await (await download).path(), "utf8")) as { conversations: unknown };
  expect(file.conversations).toMatchObject([{ messages: [{}, { text: "The capital of France is Paris." }] }]);

  const other = await page.context().newPage();
  await other.goto(page.url());
  await expect(other.getByTestId("reply-text")).toHaveText("The capital of France is Paris.");
  await page.bringToFront();
  await settings.getByRole("button", { name: "Delete everything…" }).click();
  await expect(settings.getByRole("button", { name: "Keep it" })).toBeFocused();
  await page.keyboard.press("Enter");
  await settings.getByRole("button", { name: "Delete everything…" }).click();
  await settings.getByRole("button", { name: "Delete everything", exact: true }).click();
  await expect(page).toHaveURL(/\/$/);
  await expect(page.getByText("Your conversations will appear here.")).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Message" })).toHaveValue("");
  await expect(other).toHaveURL(/\/$/);
  await expect(other.getByTestId("reply-text")).toHaveCount(0);
});
