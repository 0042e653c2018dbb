import AxeBuilder from "@axe-core/playwright";
import { expect, type Parley, play, test } from "./support/parley.ts";

/** Animations would be measured half-way, at half their contrast. */
async function axe(parley: Parley): Promise<void> {
  await parley.page.evaluate(() => Promise.all(document.getAnimations().map((each) => each.finished.catch(() => {}))));
  const { violations } = await new AxeBuilder({ page: parley.page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`)).toEqual([]);
}

for (const theme of ["light", "dark"] as const) {
  test.describe(theme, () => {
    test.use({ colorScheme: theme, contextOptions: { reducedMotion: "reduce" } });

    test(`axe finds nothing, ${theme}: empty page, strip, question, reasons, why, settings, failure, stopped`, async ({
      parley,
    }) => {
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

      // Each in a conversation of its own: the endpoint plays the first topic a conversation ever named.
      await page.keyboard.press("Control+k");
      await expect(parley.replies).toHaveCount(0);
      await parley.ask("Show me a markdown sample");
      await expect(parley.replies.last().getByRole("table")).toBeVisible();
      await axe(parley);
      await page.keyboard.press("Control+k");
      await expect(parley.replies).toHaveCount(0);
      await parley.send("Please fail at once");
      await parley.settled("failed");
      await axe(parley);
      await page.getByRole("button", { name: "Settings", exact: true }).click();
      await expect(page.getByRole("radio", { name: "Balanced" }).first()).toBeChecked();
      await axe(parley);
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
  const dark = await paper();
  await page.getByRole("button", { name: /^Theme: as the system/ }).click();
  const light = await paper();
  expect(light).not.toBe(dark);
  const html = await (await page.request.get("/")).text();
  expect(html).toContain('data-theme="light"');
  await page.reload();
  expect(await paper()).toBe(light);
});
