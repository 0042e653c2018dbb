"use client";
import { useEffect, useRef, useState } from "react";
import { WhySheet } from "@/components/lookahead/why-sheet.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Drawer } from "@/components/ui/drawer.tsx";
import type { DecisionView } from "@/lib/shared/record.ts";
import { api, sayWhy } from "./state/api.ts";

/** beside: a column of a wide page · side: over it · bottom: a phone's sheet. */
export type Place = "beside" | "side" | "bottom";
type Props = {
  messageId: string;
  place: Place;
  busy: boolean;
  onClose: () => void;
  onUse: (messageId: string, candidateId: string) => Promise<boolean>;
};

/** The why sheet in its place: a column of the page where there is room, else a drawer over it. Fetches the record it shows. */
export function WhyPanel({ messageId, place, busy, onClose, onUse }: Props) {
  const [view, setView] = useState<DecisionView | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` is there to fetch again
  useEffect(() => {
    let wanted = true;
    setProblem(null);
    api
      .decision(messageId)
      .then((next) => wanted && setView(next))
      .catch((cause) => wanted && setProblem(sayWhy(cause)));
    void api.implicit(messageId, "why").catch(() => undefined);
    return () => {
      wanted = false;
    };
  }, [messageId, attempt]);

  // A column is no dialog: it takes the focus when it opens and gives it back to the button that opened it.
  const aside = useRef<HTMLElement>(null);
  useEffect(() => {
    if (place !== "beside") return;
    const before = document.activeElement;
    aside.current?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, [place]);

  const content =
    view !== null && view.messageId === messageId ? (
      <WhySheet
        key={messageId}
        view={view}
        onClose={onClose}
        onUse={busy ? null : (candidateId) => onUse(messageId, candidateId)}
      />
    ) : (
      <div className="p-6 text-ink-2 text-sm" role="status">
        {problem ?? "Fetching the record of this choice"}
        {problem === null ? null : (
          <div className="mt-4 flex gap-2">
            <Button small onClick={() => setAttempt(attempt + 1)}>
              Try again
            </Button>
            <Button small look="quiet" onClick={onClose}>
              Close
            </Button>
          </div>
        )}
      </div>
    );

  if (place === "beside") {
    return (
      <aside
        ref={aside}
        tabIndex={-1}
        aria-label="Why this reply"
        className="flex h-dvh outline-none min-h-0 w-[440px] shrink-0 animate-rise flex-col border-line border-l bg-card"
      >
        {content}
      </aside>
    );
  }
  return (
    <Drawer open onClose={onClose} side={place === "side" ? "right" : "bottom"} label="Why this reply">
      {content}
    </Drawer>
  );
}
