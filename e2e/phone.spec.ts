import { devices } from "@playwright/test";
import { expect, play, test } from "./support/parley.ts";

const { defaultBrowserType: _, ...phone } = devices["Pixel 5"];
test.use({ ...phone, viewport: { width: 390, height: 780 } });

test("on a phone: nothing is wider than the screen, the list is a drawer, why is a sheet from below", async ({
  parley,
}) => {
  const { page, sheet } = parley;
  const fits = () =>
    expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  await parley.open();
  await fits();
  await parley.lookFar();
  await play("journeys-slow");
  await parley.send("Write an email to my landlord");
  await expect(parley.strip).toBeVisible();
  await fits();
  const stripHeight = async () => Math.round((await parley.strip.boundingBox())?.height ?? 0);
  const height = await stripHeight();
  const stage = page.getByTestId("stage");
  await expect(stage).toHaveText(/^Trying follow-ups, \d/);
  // As a deep turn would have it at its fullest: neither the number nor the time of a slow one is cut.
  const clipped = await parley.strip.evaluate((strip) => {
    const [title, line] = [strip.querySelector("[data-testid=stage]"), strip.querySelector("p + p")];
    for (const row of strip.querySelectorAll("[aria-hidden] > span")) {
      const square = row.querySelector("i");
      while (square && row.querySelectorAll("i").length < 12) row.append(square.cloneNode());
    }
    if (title) title.textContent = "Trying follow-ups, 24 of 48";
    if (line) line.textContent = "Most turns end by 2 min 05 s";
    return [title, line].map((each) => each && each.scrollWidth - each.clientWidth);
  });
  expect(clipped).toEqual([0, 0]);
  expect(await stripHeight()).toBe(height);
  await play("journeys");
  await parley.settled();
  await fits();
  const chip = page.getByTestId("quick-replies").getByRole("button").first();
  await chip.locator("span").evaluate((span) => {
    span.textContent = `https://example.org/${"a".repeat(200)}`;
  });
  expect((await chip.boundingBox())?.width).toBeLessThanOrEqual(390 - 32);

  await parley.openWhy();
  const box = await page.getByRole("dialog", { name: "Why this reply" }).boundingBox();
  expect(box?.width).toBe(390);
  expect(Math.round((box?.y ?? 0) + (box?.height ?? 0))).toBe(780);
  await fits();
  await sheet.getByRole("button", { name: "Close" }).click();
  await expect(sheet).toHaveCount(0);

  await page.getByRole("button", { name: "Conversations" }).click();
  const drawer = page.getByRole("dialog", { name: "Conversations" });
  await expect(drawer.getByRole("link", { name: /landlord/ })).toBeVisible();
  await drawer.getByRole("button", { name: "New conversation" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(drawer).toHaveCount(0);
});

test("on a phone: what was deleted in the drawer is taken back in the drawer", async ({ parley }) => {
  const { page } = parley;
  await parley.open();
  await parley.ask("Show me a markdown sample");
  await page.getByRole("button", { name: "New conversation" }).click();
  // The thread before it may stand a moment longer, and its messages are none of the new one's.
  await expect(parley.replies).toHaveCount(0);
  await parley.ask("What is the capital of France?");
  await page.getByRole("button", { name: "Conversations" }).click();
  const drawer = page.getByRole("dialog", { name: "Conversations" });
  const link = drawer.getByRole("link", { name: /markdown/ });
  await drawer.getByRole("button", { name: /^More about Show me a markdown/ }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(link).toHaveCount(0);
  await drawer.getByRole("button", { name: "Undo" }).click();
  await expect(link).toBeVisible();
});

test("on a phone: a message that could not be sent leaves the button to send in sight", async ({ parley, context }) => {
  const { page } = parley;
  await parley.open();
  await page.waitForLoadState("networkidle");
  await context.setOffline(true);
  await parley.send("What is the capital of France?");
  await expect(page.getByTestId("unsent")).toBeVisible();
  await parley.field.fill("Another");
  await expect(page.getByText("One message is not sent yet")).toBeInViewport({ ratio: 1 });
  await expect(page.getByRole("button", { name: "Send" })).toBeInViewport({ ratio: 1 });
  await context.setOffline(false);
});

test("a very long message shows its first lines, so that its reply is in sight, and the rest on demand", async ({
  parley,
}) => {
  const { page } = parley;
  await parley.open();
  await parley.ask(`What is the capital of France? ${"People paste whole documents. ".repeat(100)}`);
  await expect(parley.text()).toBeInViewport();
  await page.getByRole("button", { name: "Show all of it" }).click();
  await expect(parley.text()).not.toBeInViewport();
  await page.getByRole("button", { name: "Show less" }).click();
  await expect(parley.text()).toBeInViewport();
});
