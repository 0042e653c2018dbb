import type { Role } from "./roles.ts";

/** One request as the endpoint saw it: how a test proves that a stop reached the model. */
export interface Seen {
  id: number;
  path: string;
  role: Role;
  priority: "foreground" | "background";
  stream: boolean;
  /** `aborted`: the client closed the connection before the answer was whole. */
  state: "active" | "done" | "aborted" | "failed";
  tokens: number;
  seed: number | null;
  maxTokens: number | null;
}

export interface CallBook {
  begin(seen: Omit<Seen, "id" | "state" | "tokens">): Seen;
  /** An answer went out in another form than was asked for. */
  spoil(): void;
  report(): {
    total: number;
    active: number;
    mostActive: number;
    aborted: number;
    failed: number;
    malformed: number;
    byRole: Record<string, number>;
    calls: Seen[];
  };
  clear(): void;
}

/** Only the newest are kept in full; the counts are of all. */
const kept = 500;

export function createCallBook(): CallBook {
  let seen: Seen[] = [];
  let total = 0;
  let mostActive = 0;
  let malformed = 0;
  let byRole: Record<string, number> = {};
  const inState = (state: Seen["state"]): number => seen.filter((call) => call.state === state).length;
  return {
    begin: (call) => {
      total += 1;
      byRole[call.role] = (byRole[call.role] ?? 0) + 1;
      const entry: Seen = { id: total, ...call, state: "active", tokens: 0 };
      seen.push(entry);
      if (seen.length > kept) seen = seen.filter((old, index) => old.state === "active" || index >= seen.length - kept);
      mostActive = Math.max(mostActive, inState("active"));
      return entry;
    },
    spoil: () => {
      malformed += 1;
    },
    report: () => ({
      total,
      active: inState("active"),
      mostActive,
      aborted: inState("aborted"),
      failed: inState("failed"),
      malformed,
      byRole: { ...byRole },
      calls: seen.map((call) => ({ ...call })),
    }),
    clear: () => {
      // What still runs goes on being counted; it belongs to nobody's past.
      seen = seen.filter((call) => call.state === "active");
      total = seen.length;
      mostActive = seen.length;
      malformed = 0;
      byRole = {};
    },
  };
}
