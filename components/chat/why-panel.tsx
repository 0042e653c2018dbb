"use client";
import { useChat } from "@ai-sdk/react";
import { type RefObject, useEffect, useRef, useState } from "react";
import { WhySheet } from "@/components/lookahead/why-sheet.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Drawer } from "@/components/ui/drawer.tsx";
import type { DecisionView } from "@/lib/shared/record.ts";
import { api, sayWhy } from "./state/api.ts";
import type { Session } from "./state/session.ts";
import { isBusy } from "./state/session-state.ts";
import { useStore } from "./state/store.ts";
import { hasKeyboard } from "./use-media.ts";

/** beside: a column of a wide page · side: over it · bottom: a phone's sheet. */
export type Place = "beside" | "side" | "bottom";
type Props = {
  messageId: string;
  place: Place;
  session: Session;
  inputRef: RefObject<HTMLTextAreaElement | null>;
  onClose: () => void;
};

/** The why sheet in its place: a column of the page where there is room, else a drawer over it. Fetches the record it shows. */
export function WhyPanel({ messageId, place, session, inputRef, onClose }: Props) {
  const { status } = useChat({ chat: session.chat, throttle: 40 });
  const busy = isBusy(status, useStore(session.store));
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

  /** @returns why it did not work, said where it was tried: the page's own notice lies behind a phone's sheet */
  async function use(candidateId: string): Promise<string | null> {
    const why = await session.use(messageId, candidateId);
    if (why === null) onClose();
    return why;
  }

  // A column is no dialog: it takes the focus when it opens and gives it back to the button that opened it. Where that
  // is gone, with the reply that another one took the place of, the focus goes to the field.
  const aside = useRef<HTMLElement>(null);
  useEffect(() => {
    if (place !== "beside") return;
    const before = document.activeElement;
    aside.current?.focus({ preventScroll: true });
    return () => {
      const there = before instanceof HTMLElement && before !== document.body && before.isConnected;
      const back = there ? before : hasKeyboard() ? inputRef.current : null;
      back?.focus({ preventScroll: true });
    };
  }, [place, inputRef]);

  const content =
    view !== null && view.messageId === messageId ? (
      <WhySheet key={messageId} view={view} onClose={onClose} onUse={busy ? null : use} />
    ) : (
      <div className="p-6 text-ink-2 text-sm" role="status">
        {problem ?? "Loading"}
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
