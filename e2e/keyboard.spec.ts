import type { Page } from "@playwright/test";
import { expect, test } from "./support/parley.ts";

/** Presses Tab until the element in focus has this name; fails after 40. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute("aria-label") ?? element?.textContent ?? "";
    });
    if (name.test(focused)) return;
  }
  throw new Error(`Tab never came to ${name}`);
}

test("everything by keyboard: write, break a line, read why, swap, answer, begin anew", async ({ parley }) => {
  const { page, sheet } = parley;
  await parley.open();
  await tabTo(page, /^Message$/);
  await page.keyboard.type("Write an email");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("to my landlord");
  await expect(parley.field).toHaveValue("Write an email\nto my landlord");
  await page.keyboard.press("Enter");
  await parley.settled();
  await expect(page.getByTestId("announcer")).toContainText(/question/);

  await parley.field.focus();
  await page.keyboard.press("Shift+Tab");
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await tabTo(page, /^Why: /);
  await page.keyboard.press("Enter");
  await expect(sheet).toBeVisible();
  await tabTo(page, /^Close$/);
  await page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);

  await tabTo(page, /^Good reply$/);
  await page.keyboard.press("Space");
  await expect(page.getByRole("button", { name: "Good reply" })).toHaveAttribute("aria-pressed", "true");

  await page.keyboard.press("Control+k");
  await expect(page).toHaveURL(/\/$/);
  await expect(parley.field).toBeFocused();
});

test("the stages and the reply are announced in phrases", async ({ parley }) => {
  const { page } = parley;
  await parley.open();
  await page.evaluate(() => {
    const said: string[] = [];
    Object.assign(window, { said });
    const region = document.querySelector('[aria-live="polite"]') ?? document.body;
    void region;
    new MutationObserver(() => {
      const text = document.querySelector('[data-testid="announcer"]')?.textContent ?? "";
      if (text !== "" && said.at(-1) !== text) said.push(text);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  await parley.ask("Tell me a long story");
  const said = await page.evaluate(() => (window as unknown as { said: string[] }).said);
  const story = said.filter((phrase) => phrase.includes("night"));
  expect(story.length).toBeGreaterThan(1);
  for (const phrase of story) expect(phrase).toMatch(/[.!?:]$/);
});
