import { expect, test } from "./support/parley.ts";

test("a clear request is answered at once: no strip is ever in the way, and why says so", async ({ parley }) => {
  const { page } = parley;
  await parley.open();
  await page.evaluate(() => {
    new MutationObserver(() => {
      if (document.querySelector('[data-testid="strip"]')) document.body.dataset.sawStrip = "yes";
    }).observe(document.body, { subtree: true, childList: true });
  });
  await parley.ask("What is the capital of France?");
  await expect(parley.text()).toHaveText("The capital of France is Paris.");
  await expect(page.locator("body")).not.toHaveAttribute("data-saw-strip", "yes");
  await expect(page.getByTestId("why")).toContainText("Clear request, answered at once");

  await parley.openWhy();
  await expect(parley.sheet).toContainText("No lookahead: the request was judged clear.");
  const { decision } = await parley.decision();
  expect(decision.path).toBe("clear");
  expect(decision.rollouts).toEqual([]);
});

test("Markdown is drawn, its links open elsewhere without a referrer, and its images are never fetched", async ({
  parley,
}) => {
  await parley.open();
  const reply = await parley.ask("Show me a markdown sample");
  await expect(reply.getByRole("heading", { name: "A heading" })).toBeVisible();
  await expect(reply.getByRole("table")).toBeVisible();
  await expect(reply.locator("pre")).toContainText("const answer: number = 42;");
  await expect(reply.locator("math mfrac")).toHaveCount(1);
  await expect(reply.locator('math[display="block"] msqrt')).toHaveCount(1);
  await expect(reply).toContainText("costs $5 and not $6:");
  const link = reply.getByRole("link", { name: "link", exact: true });
  await expect(link).toHaveAttribute("target", "_blank");
  await expect(link).toHaveAttribute("rel", /noreferrer/);
  await expect(reply.locator("img")).toHaveCount(0);
  await expect(reply.getByText("Image: a picture")).toBeVisible();
});

test("the policy lets no script run without its nonce and nothing load from elsewhere", async ({ parley }) => {
  const response = await parley.page.goto("/");
  const policy = response?.headers()["content-security-policy"] ?? "";
  expect(policy).toMatch(/script-src 'self' 'nonce-[^']+' 'strict-dynamic'(;|$)/);
  expect(policy).toContain("default-src 'self'");
  expect(policy).not.toContain("unsafe");
  const inline = parley.page.locator("script:not([src])");
  for (const script of await inline.all()) {
    expect(await script.evaluate((element: HTMLScriptElement) => element.nonce)).not.toBe("");
  }
});
