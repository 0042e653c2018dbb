import { environment } from "@/lib/server/env.ts";
import { route } from "@/lib/server/route.ts";
import { deleteOwnData, readOwnData } from "@/lib/turns/own-data.ts";

/** What the person wrote, was answered and said of it, as a file. */
export const GET = route({ limit: "read" }, async ({ viewerId }) => {
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
