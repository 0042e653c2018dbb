/** Next calls this once a server process, before the first request. */
export async function register(): Promise<void> {
  // The edge runtime has neither a database nor processes that die.
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { startServer } = await import("./lib/server/start.ts");
  startServer();
}
