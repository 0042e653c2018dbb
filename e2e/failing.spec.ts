import { expect, play, test } from "./support/parley.ts";

test("a model that refuses every call: an error in the conversation, with a way on", async ({ parley }) => {
  const { page } = parley;
  await parley.open();
  await parley.send("Please fail at once");
  const reply = await parley.settled("failed");
  const failed = reply.getByTestId("failed");
  await expect(failed).toContainText("No reply this time");
  await expect(failed.getByRole("button", { name: "Try again" })).toBeVisible();
  await page.reload();
  await expect(page.getByTestId("failed")).toBeVisible();
  await expect(page.getByTestId("user-text")).toContainText("Please fail at once");
  await play("journeys", { healed: "fail at once" });
  await page.getByTestId("failed").getByRole("button", { name: "Try again" }).click();
  await parley.settled();
  await expect(parley.text()).toHaveText("The model is back.");
  await expect(page.getByTestId("user-text")).toHaveCount(1);
  // The conversation goes on.
  await parley.ask("What is the capital of France?");
  await expect(parley.text()).toHaveText("The capital of France is Paris.");
});

test("a model that breaks off in the middle: what it said is kept, the failure is said, and trying again completes it", async ({
  parley,
}) => {
  const { page } = parley;
  const said = "This reply begins well, and then the line";
  await parley.open();
  await parley.send("Please fail in the middle");
  await parley.settled("failed");
  await expect(parley.text()).toHaveText(said);
  await page.reload();
  const reply = await parley.settled("failed");
  await expect(parley.text()).toHaveText(said);
  await expect(reply.getByTestId("failed")).toContainText("This reply broke off");

  await play("journeys", { healed: "fail in the middle" });
  await reply.getByTestId("failed").getByRole("button", { name: "Try again" }).click();
  await parley.settled();
  await expect(parley.text()).toHaveText(`${said} goes dead before its last words are said.`);
  await expect(page.getByTestId("failed")).toHaveCount(0);
  await expect(parley.replies).toHaveCount(1);
  await expect(page.getByTestId("user-text")).toHaveCount(1);
  // The broken one stays beside it.
  await page.getByRole("button", { name: "Previous version of this reply" }).click();
  await expect(parley.text()).toHaveText(said);
});

test("a model that fails in every imagined future: the turn still ends in a reply, and the record says what failed", async ({
  parley,
}) => {
  await parley.open();
  await parley.lookFar();
  await parley.send("Please fail the future");
  await parley.settled();
  await expect(parley.text()).not.toBeEmpty();
  const { decision } = await parley.decision();
  expect(decision.rollouts.length).toBeGreaterThan(0);
  expect(decision.rollouts.some((rollout) => rollout.state === "done")).toBe(false);
  await parley.openWhy();
  await expect(parley.sheet.getByRole("heading", { level: 2 })).toBeVisible();
});

test("a model that stumbles once: nobody notices", async ({ parley }) => {
  await parley.open();
  await parley.ask("Please fail once");
  await expect(parley.text()).toHaveText("It works at the second try.");
});
