import { cursorOf } from "@/lib/server/cursor.ts";
import { route } from "@/lib/server/route.ts";
import { journalResponse } from "@/lib/server/stream.ts";
import { findOwnRun } from "@/lib/turns/find.ts";

/** A run's stream, from its beginning or after an event that the reader has. */
export const GET = route({}, async ({ request, viewerId, id }) => {
  const run = await findOwnRun(viewerId, id);
  return journalResponse(run.id, cursorOf(request), request);
});
