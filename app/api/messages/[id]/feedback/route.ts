import { giveFeedback } from "@/lib/feedback/give.ts";
import { route } from "@/lib/server/route.ts";
import { feedbackBodySchema } from "@/lib/shared/feedback.ts";

export const POST = route({ body: feedbackBodySchema }, async ({ viewerId, id, body }) => {
  await giveFeedback(viewerId, id, body);
  return null;
});
