import { expect, play, test } from "./support/parley.ts";

test("answer now ends the looking ahead, not the reply, and the record says who ended it", async ({ parley }) => {
  const { page, strip } = parley;
  await play("journeys-slow");
  await parley.open();
  await parley.lookFar();
  await parley.send("Write an email to my landlord");
  await expect(page.getByTestId("stage")).toHaveText(/^Trying follow-ups, \d+ of \d+/);
  await expect(strip.locator("i[data-state]").first()).toBeVisible();
  await strip.getByRole("button", { name: "Answer now" }).click();
  await parley.settled();
  await expect(parley.text()).not.toBeEmpty();
  expect((await parley.decision()).decision.stopReason).toBe("answer_now");
  await expect(page.getByTestId("why")).toContainText("answer now");
});
