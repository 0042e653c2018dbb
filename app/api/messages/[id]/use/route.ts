import { useInstead } from "@/lib/feedback/use-instead.ts";
import { route } from "@/lib/server/route.ts";
import { useBodySchema } from "@/lib/shared/routes.ts";

export const POST = route({ body: useBodySchema }, ({ viewerId, id, body }) =>
  useInstead(viewerId, id, body.candidateId),
);
