import { startApp } from "./support/app.ts";
import { expect, Parley, test } from "./support/parley.ts";

/**
 * The one journey on the real embedded model. Where its weights can't be had the start fails and says so, and so does this:
 * it never skips. A turn has 300 s, the limit of the issue.
 */
test("the embedded model: a clear request is answered, a vague one is chosen by real imagined futures", async ({
  browser,
}) => {
  test.setTimeout(600_000);
  const app = await startApp();
  // Without a graphics card a moving strip costs half a core, which the model needs.
  const context = await browser.newContext({ baseURL: app.url, reducedMotion: "reduce" });
  context.setDefaultTimeout(300_000);
  try {
    const parley = new Parley(await context.newPage());
    await parley.open();
    await parley.send("What is the capital of France?");
    await expect(parley.replies.last()).toHaveAttribute("data-state", "done", { timeout: 120_000 });
    await expect(parley.text()).toContainText("Paris");

    const saved = await parley.page.request.patch("/api/settings", { data: { preset: "deep" } });
    expect(saved.ok()).toBe(true);
    // The gate may find a choice too plain to simulate, and rightly so; these are open in different ways.
    let decision = null;
    for (const request of vague) {
      await parley.page.keyboard.press("Control+k");
      await expect(parley.replies).toHaveCount(0);
      await parley.send(request);
      await expect(parley.replies.last()).toHaveAttribute("data-state", "done", { timeout: 300_000 });
      decision = (await parley.decision()).decision;
      expect(decision.preset).toBe("deep");
      if (decision.path === "lookahead") break;
    }
    if (decision?.path !== "lookahead")
      throw new Error("The gate let every vague request through: nothing was simulated.");
    expect(wholeBlocks(decision.rollouts)).toBeGreaterThan(0);
    for (const rollout of decision.rollouts.filter((each) => each.state === "done")) {
      expect(rollout.turns.length).toBeGreaterThan(0);
      expect(rollout.reward).not.toBeNull();
    }
    await parley.openWhy();
    await expect(parley.sheet.getByTestId("future").first()).toContainText("Imagined");
  } finally {
    await context.close();
    await app.remove();
  }
});

const vague = ["Write an email to my landlord", "Help me plan a weekend away", "Write a speech"];

/** A block is whole when every candidate played in it finished for the same intents. */
function wholeBlocks(
  rollouts: readonly { block: number; candidateId: string; intentId: string; state: string }[],
): number {
  const done = rollouts.filter((each) => each.state === "done");
  return [...new Set(done.map((each) => each.block))].filter((block) => {
    const played = rollouts.filter((each) => each.block === block);
    const candidates = new Set(played.map((each) => each.candidateId));
    const intents = [...new Set(played.map((each) => each.intentId))];
    return intents.some((intent) =>
      [...candidates].every((candidate) =>
        done.some((each) => each.block === block && each.candidateId === candidate && each.intentId === intent),
      ),
    );
  }).length;
}
