import { route } from "@/lib/server/route.ts";
import { wordsOf } from "@/lib/server/search.ts";
import { searchConversations } from "@/lib/turns/search.ts";

export const GET = route({ limit: "read" }, async ({ request, viewerId }) => ({
  conversations: await searchConversations(viewerId, wordsOf(request)),
}));
