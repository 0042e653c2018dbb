/** Every route module that a session may call, for the tests that call them without a server. */
export async function openRoutes() {
  return {
    chat: await import("./chat/route.ts"),
    health: await import("./health/route.ts"),
    settings: await import("./settings/route.ts"),
    conversations: await import("./conversations/route.ts"),
    search: await import("./search/route.ts"),
    data: await import("./data/route.ts"),
    conversation: await import("./conversations/[id]/route.ts"),
    events: await import("./runs/[id]/events/route.ts"),
    stop: await import("./runs/[id]/stop/route.ts"),
    answerNow: await import("./runs/[id]/answer-now/route.ts"),
    resume: await import("./runs/[id]/resume/route.ts"),
    use: await import("./messages/[id]/use/route.ts"),
    decision: await import("./messages/[id]/decision/route.ts"),
    feedback: await import("./messages/[id]/feedback/route.ts"),
    implicit: await import("./messages/[id]/implicit/route.ts"),
    regenerate: await import("./messages/[id]/regenerate/route.ts"),
  };
}
