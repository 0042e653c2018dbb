import { route } from "@/lib/server/route.ts";
import { conversationPatchSchema } from "@/lib/shared/routes.ts";
import { deleteConversation, patchConversation } from "@/lib/turns/conversations.ts";
import { viewConversation } from "@/lib/turns/view.ts";

export const GET = route({}, ({ viewerId, id }) => viewConversation(viewerId, id));

export const PATCH = route({ body: conversationPatchSchema }, ({ viewerId, id, body }) =>
  patchConversation(viewerId, id, body),
);

export const DELETE = route({}, async ({ viewerId, id }) => {
  await deleteConversation(viewerId, id);
  return null;
});
