import { readHealth } from "@/lib/server/health.ts";

/** Whether a turn could begin now; 503 names the part that fails. Asked without a session: load balancers have none. */
export async function GET(): Promise<Response> {
  const health = await readHealth();
  return Response.json(health, {
    status: health.status === "ok" ? 200 : 503,
    headers: { "cache-control": "no-store" },
  });
}
