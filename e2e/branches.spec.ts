import { expect, test } from "./support/parley.ts";

test("use this one instead: another candidate takes the reply's place, as a branch that survives a reload", async ({
  parley,
}) => {
  const { page, sheet } = parley;
  await parley.open();
  await parley.ask("Write an email to my landlord");
  const question = await parley.shownText();
  await parley.openWhy();
  const assumed = sheet.getByTestId("candidate").filter({ hasText: "Answer, assumptions stated" });
  await assumed.locator("summary").click();
  await assumed.getByRole("button", { name: "Use this one instead" }).click();

  await expect(parley.text()).toContainText("Assuming that something in the flat is broken");
  await expect(sheet).toHaveCount(0);
  // A reply that the person took was not chosen by looking ahead, and nothing says so.
  await expect(page.getByTestId("why")).toHaveText("Why: Answered, assumptions stated, picked by you");
  await parley.openWhy();
  await expect(sheet.getByRole("heading", { level: 2 })).toHaveText("Why another reply came first");
  await page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
  const branch = parley.replies.last().getByTestId("branch");
  await expect(branch).toHaveText("2/2");
  await page.reload();
  await expect(branch).toHaveText("2/2");
  await expect(parley.text()).toContainText("Assuming that something in the flat is broken");
  await page.getByRole("button", { name: "Previous version of this reply" }).click();
  await expect(parley.text()).toHaveText(question);

  const { messages } = await parley.conversation();
  expect(messages.filter((message) => message.role === "assistant")).toHaveLength(2);
});

test("in a narrow window, where the sheet lies over the page, a mouse opens what is folded in it", async ({
  parley,
}) => {
  const { page, sheet } = parley;
  await page.setViewportSize({ width: 900, height: 800 });
  await parley.open();
  await parley.ask("Write an email to my landlord");
  await parley.openWhy();
  const other = sheet.getByTestId("candidate").last();
  await other.locator("summary").click();
  await expect(other).toHaveAttribute("open", "");
  await other.getByRole("button", { name: "Use this one instead" }).click();
  await expect(sheet).toHaveCount(0);
  await expect(parley.replies.last().getByTestId("branch")).toHaveText("2/2");
});

test("answer again and edit make branches; the old ones stay", async ({ parley }) => {
  const { page } = parley;
  await parley.open();
  await parley.ask("What is the capital of France?");
  await page.getByRole("button", { name: "Answer again" }).click();
  await expect(parley.replies.last().getByTestId("branch")).toHaveText("2/2");
  await parley.settled();

  await page.getByTestId("user-text").hover();
  await page.getByRole("button", { name: "Edit message" }).click();
  await page.getByRole("textbox", { name: "Edit message" }).fill("Show me a markdown sample");
  await page.getByRole("button", { name: "Send as a new branch" }).click();
  await expect(parley.replies.last().getByRole("heading", { name: "A heading" })).toBeVisible();
  await parley.settled();
  await page.getByRole("button", { name: "Previous version of this message" }).click();
  await expect(page.getByTestId("user-text")).toContainText("What is the capital of France?");
  await expect(parley.text()).toHaveText("The capital of France is Paris.");
  await page.reload();
  await expect(parley.text()).toHaveText("The capital of France is Paris.");
});

test("conversations are found, renamed, pinned, and deleted with a way back", async ({ parley }) => {
  const { page } = parley;
  await parley.open();
  await parley.ask("What is the capital of France?");
  const list = page.getByRole("navigation", { name: "Conversations" });
  const link = list.getByRole("link", { name: /capital of France/ });
  await expect(link).toHaveAttribute("aria-current", "page");
  await page.getByRole("button", { name: "New conversation", exact: false }).first().click();
  await expect(page).toHaveURL(/\/$/);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();

  await link.hover();
  await list.getByRole("button", { name: /^More about/ }).click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await list.getByLabel("Title of the conversation").fill("A city in France");
  await page.keyboard.press("Enter");
  const renamed = list.getByRole("link", { name: "A city in France" });
  await renamed.hover();
  await list.getByRole("button", { name: /^More about/ }).click();
  await page.getByRole("menuitem", { name: "Pin" }).click();
  await expect(list.getByRole("heading", { name: "Pinned" })).toBeVisible();
  await list.getByLabel("Search conversations").fill("nothing of that name");
  await expect(renamed).toHaveCount(0);
  await expect(list.getByText("No conversation has these words.")).toBeVisible();
  await list.getByLabel("Search conversations").fill("france city");
  await expect(renamed).toBeVisible();
  // Not in the title, but in the reply: the line where it stands comes along.
  await list.getByLabel("Search conversations").fill("paris");
  await expect(renamed).toContainText("The capital of France is Paris.");

  await renamed.hover();
  await list.getByRole("button", { name: /^More about/ }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(renamed).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(renamed).toBeVisible();
  await page.reload();
  await expect(renamed).toBeVisible();
  await renamed.click();
  await expect(parley.text()).toHaveText("The capital of France is Paris.");
});
