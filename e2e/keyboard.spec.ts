import type { Page } from "@playwright/test";
import { expect, type Parley, play, test } from "./support/parley.ts";

/** Presses Tab until the element in focus has this name, round the page and past its end; fails after 80. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : null;
      return element?.getAttribute("aria-label") ?? label ?? element?.textContent ?? "";
    });
    if (name.test(focused)) return;
    passed.push(focused.slice(0, 30));
  }
  throw new Error(`Tab never came to ${name}, only to: ${passed.join(" | ")}`);
}

async function press(page: Page, name: RegExp, key = "Enter"): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press(key);
}

/** A new conversation begun with these words, without the mouse. */
async function begin({ page, field, replies }: Parley, text: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await expect(replies).toHaveCount(0);
  await expect(field).toBeFocused();
  await page.keyboard.type(text);
  await page.keyboard.press("Enter");
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
  const question = await parley.shownText();

  await press(page, /^Why: /);
  await expect(sheet).toBeVisible();
  await tabTo(page, /^Close$/);
  await page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
  await expect(page.getByTestId("why")).toBeFocused();

  await page.keyboard.press("Enter");
  await expect(sheet).toBeVisible();
  await press(page, /^Answer, assumptions stated/);
  await press(page, /^Use this one instead$/);
  await expect(parley.text()).toContainText("Assuming that something in the flat is broken");
  await expect(sheet).toHaveCount(0);
  await press(page, /^Previous version of this reply$/);
  await expect(parley.text()).toHaveText(question);

  await press(page, /^Good reply$/, "Space");
  await expect(page.getByRole("button", { name: "Good reply" })).toHaveAttribute("aria-pressed", "true");

  await press(page, /^A repair$/);
  await expect(page.getByTestId("user-text").last()).toHaveText("You said: A repair");
  await expect(parley.replies).toHaveCount(2);
  await parley.settled();
  await expect(parley.text()).toContainText("Heating in my flat does not work");
  await expect(parley.field).toBeFocused();

  await page.keyboard.press("Control+k");
  await expect(page).toHaveURL(/\/$/);
  await expect(parley.field).toBeFocused();
});

test("by keyboard: answer now, stop, and go on", async ({ parley }) => {
  const { page } = parley;
  await parley.open();
  await parley.lookFar();
  await play("journeys-slow");
  await begin(parley, "Write an email to my landlord");
  await expect(page.getByTestId("stage")).toHaveText(/^Trying follow-ups/);
  await press(page, /^Answer now$/);
  await parley.settled();
  expect((await parley.decision()).decision.stopReason).toBe("answer_now");
  await expect(parley.field).toBeFocused();

  await begin(parley, "Tell me a long story");
  await parley.textOf(60);
  await press(page, /^Stop$/);
  await parley.settled("stopped");
  await play("journeys");
  await press(page, /^Go on$/);
  await parley.settled();
  await expect(parley.text()).toContainText("put out the lamp and went to sleep.");
});

test("by keyboard: another conversation, its title, and the settings", async ({ parley }) => {
  const { page } = parley;
  await parley.open();
  await begin(parley, "What is the capital of France?");
  await parley.settled();
  await begin(parley, "Show me a markdown sample");
  await parley.settled();

  await press(page, /^What is the capital of France/);
  await expect(parley.text()).toHaveText("The capital of France is Paris.");
  await press(page, /^More about What is the capital of France/);
  await expect(page.getByRole("menuitem", { name: "Rename" })).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("menuitem", { name: "Pin" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Pinned" })).toBeVisible();
  await press(page, /^More about What is the capital of France/);
  await expect(page.getByRole("menuitem", { name: "Rename" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Title of the conversation")).toBeFocused();
  await page.keyboard.type("A city in France");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("link", { name: "A city in France" })).toBeVisible();

  await press(page, /^Settings$/);
  const settings = page.getByRole("dialog", { name: "Settings" });
  await expect(settings.getByRole("radio", { name: "Balanced" }).first()).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(settings.getByRole("radio", { name: "Deep" })).toBeChecked();
  await press(page, /^Done$/);
  await expect(settings).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Settings", exact: true })).toBeFocused();
  await page.reload();
  await parley.ready();
  await expect(page.getByRole("button", { name: /Deep, asks when it pays/ })).toBeVisible();
});

test("the stages and the reply are announced in phrases", async ({ parley }) => {
  const { page } = parley;
  await parley.open();
  await page.evaluate(() => {
    const said: string[] = [];
    Object.assign(window, { said });
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
