import { test as base, expect, type Locator, type Page } from "@playwright/test";
import type { ConversationView } from "../../lib/shared/chat.ts";
import type { DecisionView } from "../../lib/shared/record.ts";
import { namedScenario } from "../endpoint/scenario.ts";

/** Parley as a person sees it: what can be done on the page, in the page's own words. */
export class Parley {
  readonly page: Page;
  readonly field: Locator;
  readonly strip: Locator;
  readonly replies: Locator;
  readonly sheet: Locator;

  constructor(page: Page) {
    this.page = page;
    this.field = page.getByRole("textbox", { name: "Message", exact: true });
    this.strip = page.getByTestId("strip");
    this.replies = page.getByTestId("reply");
    this.sheet = page.getByTestId("why-sheet");
  }

  /** Opens a page and waits until it is alive. */
  async open(path = "/"): Promise<void> {
    await this.page.goto(path);
    await this.ready();
  }

  async ready(): Promise<void> {
    await expect(this.page.getByTestId("composer")).toHaveAttribute("data-ready", "true");
  }

  /** From the next message on this person's turns look far ahead: the gate lets little through. */
  async lookFar(): Promise<void> {
    const saved = await this.page.request.patch("/api/settings", { data: { preset: "deep" } });
    expect(saved.ok()).toBe(true);
  }

  async send(text: string): Promise<void> {
    await this.field.fill(text);
    await this.field.press("Enter");
  }

  /** The last reply, once nothing more comes. */
  async settled(state: "done" | "stopped" | "interrupted" | "failed" = "done"): Promise<Locator> {
    const last = this.replies.last();
    await expect(last).toHaveAttribute("data-state", state);
    return last;
  }

  async ask(text: string): Promise<Locator> {
    const asked = this.page.getByTestId("user-text");
    const [before, replied] = [await asked.count(), await this.replies.count()];
    await this.send(text);
    await expect(asked).toHaveCount(before + 1);
    // Until the new reply is there, the last one is that of the turn before.
    await expect(this.replies).toHaveCount(replied + 1);
    return this.settled();
  }

  text(reply: Locator = this.replies.last()): Locator {
    return reply.getByTestId("reply-text");
  }

  /** The reply's text has at least so many characters. */
  async textOf(least: number): Promise<string> {
    await expect.poll(async () => (await this.shownText()).length).toBeGreaterThanOrEqual(least);
    return this.shownText();
  }

  async shownText(): Promise<string> {
    const last = this.text();
    return (await last.count()) === 0 ? "" : last.innerText();
  }

  async openWhy(): Promise<void> {
    await this.page.getByTestId("why").last().click();
    await expect(this.sheet).toBeVisible();
  }

  /** The conversation's id, once the address has it. */
  async conversationId(): Promise<string> {
    await expect(this.page).toHaveURL(/\/c\/[0-9a-f-]{36}/);
    return new URL(this.page.url()).pathname.split("/")[2] ?? "";
  }

  /** What the server has, asked with the page's own session. */
  async conversation(): Promise<ConversationView> {
    const response = await this.page.request.get(`/api/conversations/${await this.conversationId()}`);
    expect(response.status()).toBe(200);
    return (await response.json()) as ConversationView;
  }

  async decision(): Promise<DecisionView> {
    const reply = (await this.conversation()).messages.findLast((message) => message.role === "assistant");
    const response = await this.page.request.get(`/api/messages/${reply?.id}/decision`);
    expect(response.status()).toBe(200);
    return (await response.json()) as DecisionView;
  }
}

type Change = {
  /** The pattern of a topic that fails no more, as after a model has come back. */
  healed?: string;
  /** Milliseconds between two tokens, in the scenario's stead. */
  tokenMs?: number;
};

/**
 * Tells the scripted endpoint what to play from here on: a scenario of `e2e/endpoint/scenarios`, by name. Its vague requests are
 * made close ones: as the files have it, the question is so far ahead that the gate releases it without a rollout.
 */
export async function play(name: string, { healed, tokenMs }: Change = {}): Promise<void> {
  const { origin } = new URL(process.env.PARLEY_E2E_ENDPOINT ?? "http://no-endpoint.invalid");
  const scenario = namedScenario(name);
  const useful = { answer: 0.4, assume: 0.58, ask: 0.7, hybrid: 0.6 };
  const topics = scenario.topics
    .map((topic) => (topic.match === healed ? { ...topic, fail: undefined } : topic))
    .map((topic) =>
      (topic.match === "landlord" || topic.match === "fail the future") && topic.turn === "first"
        ? { ...topic, readings: topic.readings.map((reading) => ({ ...reading, useful })) }
        : topic,
    );
  const latency = { ...scenario.latency, ...(tokenMs === undefined ? {} : { tokenMs }) };
  const body = JSON.stringify({ ...scenario, latency, topics });
  const response = await fetch(`${origin}/__scenario`, { method: "POST", body });
  if (!response.ok) throw new Error(`The endpoint refused the scenario ${name}: ${await response.text()}`);
}

type Fixtures = { parley: Parley; watched: Page };

/**
 * Every journey starts with the usual scenario and a person who was never here, and ends with three questions: did a request
 * leave the origin, did the page throw, did the browser refuse something for the content security policy?
 */
export const test = base.extend<Fixtures>({
  watched: async ({ page, baseURL }, use) => {
    const trouble: string[] = [];
    watch(page, baseURL ?? "", trouble);
    await play("journeys");
    await use(page);
    expect(trouble).toEqual([]);
  },
  parley: async ({ watched }, use) => {
    await use(new Parley(watched));
  },
});

export function watch(page: Page, origin: string, trouble: string[]): void {
  page.on("request", (request) => {
    const url = request.url();
    if (url.startsWith(origin) || /^(data|blob):/.test(url)) return;
    trouble.push(`left the origin: ${url}`);
  });
  page.on("pageerror", (error) => trouble.push(`threw: ${error.message}`));
  page.on("console", (message) => {
    if (/content security policy/i.test(message.text())) trouble.push(message.text());
  });
}

/** Notes in the page, from now on and anew after each reload, every length the last reply's text has. Read it with `lengths`. */
export async function recordLengths(page: Page): Promise<void> {
  const record = () => {
    const seen: number[] = [];
    Object.assign(window, { seenLengths: seen });
    new MutationObserver(() => {
      const all = document.querySelectorAll('[data-testid="reply-text"]');
      const length = all[all.length - 1]?.textContent?.length ?? 0;
      if (seen.at(-1) !== length) seen.push(length);
    }).observe(document, { subtree: true, childList: true, characterData: true });
  };
  await page.addInitScript(record);
  await page.evaluate(record);
}

export async function lengths(page: Page): Promise<number[]> {
  return page.evaluate(() => (window as unknown as { seenLengths: number[] }).seenLengths);
}

/** True where no number is smaller than one before it. */
export const neverShrinks = (numbers: readonly number[]): boolean =>
  numbers.every((value, index) => index === 0 || value >= (numbers[index - 1] ?? 0));

export { expect };
