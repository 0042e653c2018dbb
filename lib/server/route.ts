import { validate } from "uuid";
import type { z } from "zod";
import { Refusal } from "../shared/refusal.ts";
import { checkType, readBody } from "./body.ts";
import { errorResponse } from "./errors.ts";
import { checkLimits, type LimitName } from "./limits.ts";
import { log } from "./log.ts";
import { changesState, checkOrigin } from "./origin.ts";
import { cookieOf, readSession } from "./session.ts";

type Context<Body> = {
  request: Request;
  viewerId: string;
  /** The path's `[id]`, known to be a uuid; "" where the path has none. */
  id: string;
  body: Body;
};
type Handler<Body> = (context: Context<Body>) => Promise<Response | object | null>;
type NextContext = { params: Promise<{ id?: string }> };

/** Counts a request whose body cannot be used, and refuses it; or says that it was one too many. */
const refusedAs = (count: (limit: LimitName) => Promise<void>) => async (refused: unknown) => {
  await count("write");
  throw refused;
};

/**
 * A route: origin, session, limits and body are dealt with here, so that a handler is only its use case. What it returns is
 * the answer: a Response, an object to be sent as JSON, or null for "done, nothing to say" (204).
 */
export function route<Schema extends z.ZodType = z.ZodUndefined>(
  options: { body?: Schema; limit?: LimitName },
  handle: Handler<z.output<Schema>>,
): (request: Request, context: NextContext) => Promise<Response> {
  return async (request, context) => {
    const session = readSession(request);
    const began = performance.now();
    const response = await answer();
    // A new guest keeps the session even of a refused request, so that the next one is the same guest.
    if (session.isNew) response.headers.append("set-cookie", cookieOf(session.viewerId, request));
    const { pathname } = new URL(request.url);
    log.debug({ method: request.method, pathname, status: response.status, ms: performance.now() - began }, "request");
    return response;

    async function answer(): Promise<Response> {
      try {
        checkOrigin(request);
        if (changesState(request)) checkType(request, options.body !== undefined);
        // Next gives a route without a parameter no params at all.
        const id = (await context.params)?.id ?? "";
        // Not an id of ours, so nobody's: the same answer as for one of somebody else.
        if (id !== "" && !validate(id)) throw new Refusal(404, "not_found", "This does not exist, or it was deleted.");
        const { viewerId } = session;
        const count = (limit: LimitName) => checkLimits(limit, viewerId, request);
        // Counted once, and as what it is: a body that cannot be used costs no model call.
        const body = options.body ? await readBody(request, options.body).catch(refusedAs(count)) : undefined;
        const limit = options.limit ?? (changesState(request) ? "write" : null);
        if (limit !== null) await count(limit);
        const result = await handle({ request, viewerId, id, body: body as z.output<Schema> });
        if (result instanceof Response) return result;
        if (result === null) return new Response(null, { status: 204 });
        return Response.json(result, { headers: { "cache-control": "no-store" } });
      } catch (error) {
        return errorResponse(error);
      }
    }
  };
}
