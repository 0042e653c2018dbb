import { expect, play, test } from "./support/parley.ts";

test("a first visit: a vague request, a question chosen by looking ahead, why, and what one thinks of it", async ({
  parley,
}) => {
  const { page, sheet } = parley;
  await parley.open();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByText("leaves something open")).toHaveCount(2);
  await expect(page.getByText("clear as it stands")).toHaveCount(2);

  await parley.lookFar();
  await play("journeys-slow");
  await page.getByRole("button", { name: "Write an email to my landlord" }).click();
  await expect(parley.strip).toBeVisible();
  await expect(page.getByTestId("stage")).toHaveText(/^(Drafting replies|Weighing|Trying follow-ups)/);
  await expect(page.getByTestId("stage")).toHaveText(/^Trying follow-ups, \d+ of \d+$/);
  await play("journeys");
  const reply = await parley.settled();
  await expect(reply).toContainText(/A question first|A first part, and a question/);
  await expect(parley.text()).toContainText(/What is (it|the email) about: a repair, the rent, or ending the lease\?/);
  await expect(parley.strip).toHaveCount(0);
  const chips = page.getByTestId("quick-replies").getByRole("button");
  await expect(chips).toContainText(["A repair", "Ending the lease", "The rent", "Something else …"]);

  await parley.openWhy();
  await expect(page).toHaveURL(/\/c\/[0-9a-f-]+\?why=[0-9a-f-]+/);
  await expect(sheet.getByRole("heading", { name: /^Why this/ })).toBeVisible();
  await expect(sheet.getByTestId("verdict")).toContainText("80 % interval");
  await expect(sheet.getByText("Something else", { exact: true })).toBeVisible();
  const chosen = sheet.getByTestId("candidate").first();
  const futures = chosen.getByTestId("future");
  expect(await futures.count()).toBeGreaterThan(0);
  expect(await futures.count()).toBeLessThanOrEqual(3);
  for (const future of await futures.all()) await expect(future).toContainText("Imagined");
  await expect(futures.filter({ hasText: "the worst one" })).toHaveCount(1);
  await expect(sheet.getByText("Stopped because")).toBeVisible();
  await expect(sheet.getByText("scripted", { exact: false }).first()).toBeVisible();

  // The sheet has an address: a reload shows it again, Escape closes it and takes it out of the address.
  await page.reload();
  await expect(sheet.getByRole("heading", { name: /^Why this/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
  await expect(page).not.toHaveURL(/why=/);

  await page.getByRole("button", { name: "Good reply" }).click();
  const reasons = page.getByTestId("reasons");
  await reasons.getByRole("button", { name: "Needed", exact: true }).click();
  await reasons.getByLabel("In your own words").fill("It saved me a wrong email.");
  await reasons.getByRole("button", { name: "Done" }).click();
  await expect
    .poll(async () => (await parley.conversation()).messages.at(-1)?.feedback)
    .toEqual({
      thumb: "up",
      reasons: ["needed"],
      text: "It saved me a wrong email.",
    });
  await page.reload();
  await expect(page.getByRole("button", { name: "Good reply" })).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("button", { name: "Good reply" }).click();
  await expect(page.getByRole("button", { name: "Good reply" })).toHaveAttribute("aria-pressed", "false");
  await expect.poll(async () => (await parley.conversation()).messages.at(-1)?.feedback.thumb).toBeNull();

  await page.getByTestId("quick-replies").getByRole("button", { name: "A repair" }).click();
  await expect(page.getByTestId("user-text").last()).toContainText("A repair");
  await expect(parley.replies).toHaveCount(2);
  await parley.settled();
  await expect(parley.text()).toContainText("Heating in my flat does not work");

  const goal = page.getByTestId("goal");
  await goal.getByRole("button", { name: "Yes" }).click();
  await goal.getByRole("button", { name: "4 of 5" }).click();
  await expect(goal).toContainText("Thank you");
});
