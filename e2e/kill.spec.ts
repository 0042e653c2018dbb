import { startApp } from "./support/app.ts";
import { expect, Parley, play, test, watch } from "./support/parley.ts";

test("kill -9 of the web server in the middle of a turn: the message is there, the turn is marked, go on completes it", async ({
  browser,
}) => {
  test.setTimeout(150_000);
  await play("journeys-slow");
  const app = await startApp({ env: { OPENAI_BASE_URL: process.env.PARLEY_E2E_ENDPOINT } });
  const context = await browser.newContext({ baseURL: app.url });
  try {
    const parley = new Parley(await context.newPage());
    const trouble: string[] = [];
    watch(parley.page, app.url, trouble);
    await parley.open();
    await parley.send("Tell me a long story");
    const shown = await parley.textOf(80);
    await app.kill("web");
    // At once: the server that comes back measures the model's speed, and cuts the replies of a slow one short.
    await play("journeys");

    // The page stays, keeps what it showed, and comes back by itself when the server does.
    expect((await parley.shownText()).length).toBeGreaterThanOrEqual(shown.length);
    await expect(parley.replies.last()).toHaveAttribute("data-state", "interrupted", { timeout: 60_000 });
    expect((await parley.shownText()).length).toBeGreaterThan(0);
    await parley.page.reload();
    await parley.settled("interrupted");
    await expect(parley.page.getByTestId("user-text")).toContainText("Tell me a long story");

    await parley.page.getByTestId("cut").getByRole("button", { name: "Go on" }).click();
    await parley.settled();
    expect((await parley.shownText()).length).toBeGreaterThan(shown.length);
    expect((await parley.conversation()).messages.findLast((each) => each.role === "assistant")?.state).toBe("done");
    await expect(parley.page.getByTestId("user-text")).toHaveCount(1);
    expect(trouble).toEqual([]);
  } finally {
    await context.close();
    await app.remove();
  }
});
