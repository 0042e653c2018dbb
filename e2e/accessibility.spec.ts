import AxeBuilder from "@axe-core/playwright";
import { devices } from "@playwright/test";
import { expect, type Parley, play, test } from "./support/parley.ts";

const { defaultBrowserType: _, ...phone } = devices["Pixel 5"];

/** Animations would be measured half-way, at half their contrast. */
async function axe(parley: Parley): Promise<void> {
  await parley.page.evaluate(() => Promise.all(document.getAnimations().map((each) => each.finished.catch(() => {}))));
  const { violations } = await new AxeBuilder({ page: parley.page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`)).toEqual([]);
}

for (const theme of ["light", "dark"] as const) {
  test.describe(theme, () => {
    test.use({ colorScheme: theme, contextOptions: { reducedMotion: "reduce" } });

    test(`axe finds nothing, ${theme}: empty page, strip, question, reasons, why, goal`, async ({ parley }) => {
      const { page } = parley;
      await parley.open();
      await axe(parley);

      await parley.lookFar();
      await play("journeys-slow");
      await parley.send("Write an email to my landlord");
      await expect(page.getByTestId("stage")).toHaveText(/^Trying follow-ups/);
      await axe(parley);
      await play("journeys");
      await parley.settled();
      await page.getByRole("button", { name: "Good reply" }).click();
      await axe(parley);
      await page.getByTestId("reasons").getByRole("button", { name: "Done" }).click();
      await parley.openWhy();
      const closed = parley.sheet.locator("details:not([open]) > summary");
      while ((await closed.count()) > 0) await closed.first().click();
      await axe(parley);
      await page.keyboard.press("Escape");
      await page.getByTestId("quick-replies").getByRole("button", { name: "A repair" }).click();
      await page.getByTestId("goal").getByRole("button", { name: "Yes" }).click();
      await expect(page.getByTestId("goal").getByRole("button", { name: "5 of 5" })).toBeVisible();
      await axe(parley);
    });

    test(`axe finds nothing, ${theme}: table, stopped, failure, settings`, async ({ parley }) => {
      const { page } = parley;
      await parley.open();
      // Each in a conversation of its own: the endpoint plays the first topic a conversation ever named.
      await parley.ask("Show me a markdown sample");
      await expect(parley.replies.last().getByRole("table")).toBeVisible();
      await axe(parley);
      await page.keyboard.press("Control+k");
      await expect(parley.replies).toHaveCount(0);
      await play("journeys-slow");
      await parley.send("Tell me a long story");
      await parley.textOf(40);
      await page.getByRole("button", { name: "Stop" }).click();
      await parley.settled("stopped");
      await expect(page.getByTestId("cut")).toBeVisible();
      await axe(parley);
      await play("journeys");
      await page.keyboard.press("Control+k");
      await expect(parley.replies).toHaveCount(0);
      await parley.send("Please fail at once");
      await parley.settled("failed");
      await axe(parley);
      await page.getByRole("button", { name: "Settings", exact: true }).click();
      await expect(page.getByRole("radio", { name: "Balanced" }).first()).toBeChecked();
      await axe(parley);
      await page.getByRole("button", { name: "Delete everything…" }).click();
      await axe(parley);
    });

    test.describe("on a phone", () => {
      test.use({ ...phone, viewport: { width: 390, height: 780 } });

      test(`axe finds nothing, ${theme}: empty page, question, why from below, drawer`, async ({ parley }) => {
        const { page } = parley;
        await parley.open();
        await axe(parley);
        await parley.ask("Write an email to my landlord");
        await expect(page.getByTestId("quick-replies")).toBeVisible();
        await axe(parley);
        await parley.openWhy();
        await axe(parley);
        await parley.sheet.getByRole("button", { name: "Close" }).click();
        await expect(parley.sheet).toHaveCount(0);
        await page.getByRole("button", { name: "Conversations" }).click();
        const drawer = page.getByRole("dialog", { name: "Conversations" });
        await expect(drawer.getByRole("link", { name: /landlord/ })).toBeVisible();
        await axe(parley);
      });
    });
  });
}

test("the theme follows the system until one is chosen, and the choice is there before the first paint", async ({
  parley,
}) => {
  const { page } = parley;
  await page.emulateMedia({ colorScheme: "dark" });
  await parley.open();
  const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  /** What a phone colours its browser's bar with. */
  const bar = () =>
    page.evaluate(
      () =>
        [...document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')].find(
          ({ media }) => matchMedia(media).matches,
        )?.content,
    );
  const dark = await paper();
  expect(await bar()).toBe("#151412");
  await page.getByRole("button", { name: /^Theme: as the system/ }).click();
  const light = await paper();
  expect(light).not.toBe(dark);
  expect(await bar()).toBe("#faf9f6");
  const html = await (await page.request.get("/")).text();
  expect(html).toContain('data-theme="light"');
  await page.reload();
  expect(await paper()).toBe(light);
  expect(await bar()).toBe("#faf9f6");
});

test("highlighted code follows the chosen theme, not the system's", async ({ parley }) => {
  const { page } = parley;
  await page.emulateMedia({ colorScheme: "light" });
  await parley.open();
  await parley.ask("Show me a markdown sample");
  const keyword = parley
    .text()
    .locator("code span", { hasText: /^const$/ })
    .last();
  const colour = () => keyword.evaluate((element) => getComputedStyle(element).color);
  await expect(keyword).toBeVisible();
  const light = await colour();
  await page.emulateMedia({ colorScheme: "dark" });
  await expect.poll(colour).not.toBe(light);
  const dark = await colour();
  await page.getByRole("button", { name: /^Theme: as the system/ }).click();
  await expect.poll(colour).toBe(light);
  await page.emulateMedia({ colorScheme: "light" });
  await page.getByRole("button", { name: /^Theme: light/ }).click();
  await expect.poll(colour).toBe(dark);
});
