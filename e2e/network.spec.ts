import { startLine } from "./support/line.ts";
import { expect, lengths, neverShrinks, Parley, play, recordLengths, test, watch } from "./support/parley.ts";

test("no network while typing and sending: the words are kept, said to be unsent, and sent once", async ({
  parley,
  context,
}) => {
  const { page } = parley;
  await parley.open();
  await page.waitForLoadState("networkidle");
  await context.setOffline(true);
  await parley.send("What is the capital of France?");
  const unsent = page.getByTestId("unsent");
  await expect(unsent).toContainText("What is the capital of France?");
  await expect(unsent.getByRole("alert")).toContainText("Not sent");
  await unsent.getByRole("button", { name: "Retry" }).click();
  await expect(unsent.getByRole("alert")).toContainText("Not sent");

  await context.setOffline(false);
  // A reload brings the words back into the field: the draft goes only when the server has it.
  await page.reload();
  await parley.ready();
  await expect(parley.field).toHaveValue("What is the capital of France?");
  await page.waitForLoadState("networkidle");
  await context.setOffline(true);
  await parley.field.press("Enter");
  await expect(unsent).toBeVisible();
  await context.setOffline(false);
  await unsent.getByRole("button", { name: "Retry" }).click();
  await parley.settled();
  await expect(parley.text()).toHaveText("The capital of France is Paris.");
  await expect(unsent).toHaveCount(0);
  expect((await parley.conversation()).messages).toHaveLength(2);
  await page.reload();
  await parley.ready();
  await expect(parley.field).toHaveValue("");
});

test("the network goes while a reply is written: it says so, keeps its words, and comes back by itself, whole and never shorter", async ({
  browser,
  baseURL,
}) => {
  const line = await startLine();
  const context = await browser.newContext({ ...(baseURL ? { baseURL } : {}), proxy: line });
  const parley = new Parley(await context.newPage());
  const { page } = parley;
  const trouble: string[] = [];
  watch(page, baseURL ?? "", trouble);
  const broken: string[] = [];
  page.on("requestfailed", (request) => broken.push(new URL(request.url()).pathname));
  await play("journeys", { tokenMs: 10 });
  await parley.open();
  await recordLengths(page);
  await parley.send("Tell me a long story");
  await parley.textOf(60);
  line.cut();
  const lost = page.getByText("Connection lost, reconnecting. Nothing is lost.");
  await expect(lost).toBeVisible();
  // The stream itself broke, and then the way back to it.
  expect(broken[0]).toBe("/api/chat");
  expect(broken.slice(1)).toContainEqual(expect.stringMatching(/\/events$/));
  const shown = await parley.shownText();
  expect(shown).not.toContain("put out the lamp");

  line.mend();
  await expect(lost).toHaveCount(0);
  await parley.settled();
  await expect(parley.text()).toContainText("put out the lamp and went to sleep.");
  expect((await parley.shownText()).startsWith(shown)).toBe(true);
  expect(neverShrinks(await lengths(page))).toBe(true);
  await expect(page.getByTestId("user-text")).toHaveCount(1);
  await expect(parley.replies).toHaveCount(1);
  expect(trouble).toEqual([]);
  await context.close();
  line.close();
});

test("the server ends a stream in the middle: the page opens the journal again and misses nothing", async ({
  parley,
}) => {
  const { page } = parley;
  await parley.open();
  await recordLengths(page);
  let cut = false;
  // The first stream is cut after a few chunks, as a proxy or a lost connection would.
  await page.route("**/api/chat", async (route) => {
    const response = await route.fetch();
    const body = await response.text();
    cut = true;
    await route.fulfill({ response, body: body.slice(0, Math.floor(body.length * 0.4)) });
  });
  await parley.send("Tell me a long story");
  await parley.settled();
  expect(cut).toBe(true);
  await expect(parley.text()).toContainText("put out the lamp and went to sleep.");
  expect(neverShrinks(await lengths(page))).toBe(true);
});

test("feedback given without a network arrives when there is one", async ({ parley, context }) => {
  const { page } = parley;
  await parley.open();
  await parley.ask("What is the capital of France?");
  await page.waitForLoadState("networkidle");
  await context.setOffline(true);
  await page.getByRole("button", { name: "Bad reply" }).click();
  const reasons = page.getByTestId("reasons");
  await reasons.getByRole("button", { name: "Too long" }).click();
  await reasons.getByLabel("In your own words").fill("Three words would do.");
  await reasons.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("button", { name: "Bad reply" })).toHaveAttribute("aria-pressed", "true");
  await context.setOffline(false);
  await page.reload();
  await expect
    .poll(async () => (await parley.conversation()).messages.at(-1)?.feedback)
    .toEqual({ thumb: "down", reasons: ["too_long"], text: "Three words would do." });
});

test("another browser's turn runs here: this one's words are kept, and the running turn is shown", async ({
  parley,
}) => {
  const { page } = parley;
  await parley.open();
  await parley.ask("Show me a markdown sample");
  const id = await parley.conversationId();
  await play("journeys-slow");
  // Another browser with the same session; its reader leaves at once, which ends nothing.
  const started = page.request.post("/api/chat", {
    data: { conversationId: id, text: "Tell me a long story" },
    timeout: 3_000,
  });
  await expect.poll(async () => (await parley.conversation()).liveRun).not.toBeNull();
  await parley.send("And another one");
  await expect(page.getByTestId("unsent")).toContainText("And another one");
  await expect(page.getByTestId("user-text").last()).toContainText("Tell me a long story");
  await page.getByRole("button", { name: "Stop" }).click();
  await parley.settled("stopped");
  await started.catch(() => undefined);

  // Sent again it follows the turn that ran meanwhile: nothing is put aside.
  await play("journeys");
  await page.getByTestId("unsent").getByRole("button", { name: "Retry" }).click();
  await expect(page.getByTestId("user-text")).toHaveText([/markdown sample/, /long story/, /And another one/]);
  await expect(page.getByTestId("unsent")).toHaveCount(0);
  await parley.settled();
  await page.reload();
  await expect(page.getByTestId("user-text")).toHaveCount(3);
});

test("words that wait for another browser's turn can be taken back while it runs, and an open edit waits too", async ({
  parley,
}) => {
  const { page } = parley;
  await parley.open();
  await parley.ask("Show me a markdown sample");
  const id = await parley.conversationId();
  await page.getByRole("button", { name: "Edit message" }).click();
  const edit = page.getByRole("textbox", { name: "Edit message" });
  await edit.fill("Show me another sample");
  await play("journeys-slow");
  const started = page.request.post("/api/chat", {
    data: { conversationId: id, text: "Tell me a long story" },
    timeout: 3_000,
  });
  await expect.poll(async () => (await parley.conversation()).liveRun).not.toBeNull();
  await parley.send("And another one");
  const unsent = page.getByTestId("unsent");
  await expect(unsent).toContainText("And another one");
  await expect(page.getByTestId("user-text").last()).toContainText("Tell me a long story");
  await unsent.getByRole("button", { name: "Edit" }).click();
  await expect(parley.field).toHaveValue("And another one");
  await edit.press("Enter");
  await expect(edit).toHaveValue("Show me another sample");
  await page.getByRole("button", { name: "Stop" }).click();
  await parley.settled("stopped");
  await started.catch(() => undefined);
});
