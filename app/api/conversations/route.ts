import { route } from "@/lib/server/route.ts";
import { viewConversations } from "@/lib/turns/view.ts";

export const GET = route({}, async ({ viewerId }) => ({ conversations: await viewConversations(viewerId) }));
