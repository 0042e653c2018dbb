import { route } from "@/lib/server/route.ts";
import { searchOf } from "@/lib/server/search.ts";
import { searchConversations } from "@/lib/turns/search.ts";
import { viewConversations } from "@/lib/turns/view.ts";

export const GET = route({}, async ({ request, viewerId }) => {
  const search = searchOf(request);
  return { conversations: await (search === "" ? viewConversations(viewerId) : searchConversations(viewerId, search)) };
});
