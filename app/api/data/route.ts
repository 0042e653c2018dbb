import { environment } from "@/lib/server/env.ts";
import { route } from "@/lib/server/route.ts";
import { deleteOwnData, readOwnData } from "@/lib/turns/own-data.ts";

/** Everything of the person's own, as a file. */
export const GET = route({ limit: "search" }, async ({ viewerId }) => {
  const data = await readOwnData(viewerId, environment().preset);
  return new Response(JSON.stringify(data, null, 2), {
    headers: {
      "content-type": "application/json",
      "content-disposition": `attachment; filename="parley-${data.exportedAt.slice(0, 10)}.json"`,
      "cache-control": "no-store",
    },
  });
});

export const DELETE = route({}, async ({ viewerId }) => {
  await deleteOwnData(viewerId);
  return null;
});
