import { v7 } from "uuid";
import { expect } from "vitest";
import { errorBodySchema } from "@/lib/shared/chat.ts";
import { disconnect } from "@/lib/store/client.ts";
import { stopListening } from "@/lib/store/listen.ts";
import { type Chunk, isData } from "@/lib/turns/chunk.ts";
import { namedScenario } from "../endpoint/scenario.ts";
import { startScriptedEndpoint } from "../endpoint/server.ts";

/** The routes over a scripted endpoint and the real database, for tests: call one by its name, or talk. */
export async function serveRoutes<Modules extends Talked>(openRoutes: () => Promise<Modules>) {
  const endpoint = await startScriptedEndpoint({ scenario: namedScenario("journeys-instant") });
  process.env.OPENAI_BASE_URL = endpoint.url;
  process.env.PARLEY_SECRET = "a secret of at least thirty-two characters";
  const call = caller(await openRoutes());
  const close = async () => {
    await stopListening();
    await disconnect();
    await endpoint.close();
  };
  return { endpoint, call, talk: talkTo(call), close };
}

/** The least that a talk needs. */
type Talked = { chat: object };
type Call = ReturnType<typeof caller<Talked>>;
type Handler = (request: Request, context: { params: Promise<{ id?: string }> }) => Promise<Response>;
export type Init = { method?: string; cookie?: string; body?: unknown; headers?: Record<string, string>; raw?: string };

/** Route modules, asked as Next asks them. */
function caller<Modules extends Talked>(modules: Modules) {
  return async (name: keyof Modules & string, init: Init = {}, id?: string, query = ""): Promise<Response> => {
    const method = init.method ?? (init.body === undefined && init.raw === undefined ? "GET" : "POST");
    const body = init.raw ?? (init.body === undefined ? null : JSON.stringify(init.body));
    const headers: Record<string, string> = { host: "parley.test", ...init.headers };
    if (body !== null) headers["content-type"] ??= "application/json";
    if (init.cookie) headers.cookie = init.cookie;
    const request = new Request(`http://parley.test/api/${name}${query}`, { method, headers, body });
    const handler = (modules[name] as Record<string, Handler>)[method];
    if (!handler) throw new Error(`${name} has no ${method}`);
    // A route without a parameter gets no params, whatever Next's types say.
    const params = Promise.resolve(id === undefined ? (undefined as unknown as object) : { id });
    return handler(request, { params });
  };
}

export const cookieOf = (response: Response): string => response.headers.get("set-cookie")?.split(";")[0] ?? "";
export const errorOf = async (response: Response) => errorBodySchema.parse(await response.json()).error;

/** The chunks of a stream, with the last id that it named. */
export async function chunksOf(response: Response) {
  const events = (await response.text()).split("\n\n").map((event) => event.split("\n"));
  const data = events.flatMap((lines) =>
    lines.filter((line) => line.startsWith("data: ")).map((line) => line.slice(6)),
  );
  const ids = events.flatMap((lines) =>
    lines.filter((line) => line.startsWith("id: ")).map((line) => Number(line.slice(4))),
  );
  expect(data.at(-1)).toBe("[DONE]");
  const chunks = data.slice(0, -1).map((text) => JSON.parse(text) as Chunk);
  return { chunks, ids };
}
export const startOf = (chunks: readonly Chunk[]): string => (chunks[0]?.type === "start" && chunks[0].messageId) || "";
export const textsOf = (chunks: readonly Chunk[]) =>
  chunks.flatMap((chunk) => (chunk.type === "text-delta" ? [chunk.delta] : []));
type Run = { runId: string; conversationId: string; userMessageId: string };

const talkTo = (call: Call) =>
  /** Sends a message and reads its reply to the end. */
  async function talk(text: string, init: Init & { conversationId?: string; preset?: string } = {}) {
    const { conversationId, preset = "balanced", ...rest } = init;
    const response = await call("chat", {
      ...rest,
      body: { id: v7(), text, preset, ...(conversationId ? { conversationId } : {}) },
    });
    expect(response.status).toBe(200);
    const cookie = init.cookie ?? cookieOf(response);
    const { chunks, ids } = await chunksOf(response);
    const part = (type: string) => chunks.filter(isData).find((chunk) => chunk.type === type)?.data as unknown;
    const run = part("data-run") as Run;
    const messageId = startOf(chunks);
    const reply = textsOf(chunks).join("");
    return { cookie, chunks, ids, part, reply, messageId, ...run };
  };
