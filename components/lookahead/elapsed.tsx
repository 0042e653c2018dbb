"use client";
import { useEffect, useState } from "react";
import type { RunPart, Stage } from "@/lib/shared/events.ts";

/**
 * Milliseconds since the run began, ticking once a second. The journal's own clock (`stage.at`) is the floor; the wall clock
 * only carries it on, so a browser whose clock is wrong is off by a stage at most.
 */
export function useElapsed(run: RunPart | null, stage: Stage | null): number {
  const [now, setNow] = useState(() => Date.now());
  const [seen, setSeen] = useState({ at: 0, when: now });
  const at = stage?.at ?? 0;
  if (at > seen.at) setSeen({ at, when: Date.now() });
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const sinceStage = seen.at + Math.max(0, now - seen.when);
  const byClock = run === null ? 0 : now - Date.parse(run.startedAt);
  const trusted = byClock >= sinceStage && byClock < sinceStage + 600_000;
  return trusted ? byClock : sinceStage;
}
