import { noteImplicit } from "@/lib/feedback/give.ts";
import { route } from "@/lib/server/route.ts";
import { implicitBodySchema } from "@/lib/shared/routes.ts";

export const POST = route({ body: implicitBodySchema }, async ({ viewerId, id, body }) => {
  await noteImplicit(viewerId, id, body);
  return null;
});
