"use client";
import { usePathname, useSearchParams } from "next/navigation";

/** Where the page is: a conversation (or the one not begun yet), and the reply whose why sheet is open. */
export type Place = { conversationId: string | null; why: string | null };

export function usePlace(): Place {
  const pathname = usePathname();
  const search = useSearchParams();
  return { conversationId: /^\/c\/([^/]+)/.exec(pathname)?.[1] ?? null, why: search.get("why") };
}

export const addressOf = ({ conversationId, why }: Place): string => {
  const path = conversationId === null ? "/" : `/c/${encodeURIComponent(conversationId)}`;
  return why === null ? path : `${path}?why=${encodeURIComponent(why)}`;
};

/** Next keeps its hooks in step with the History API, so a move costs no request and unmounts nothing. */
export function go(place: Place, how: "push" | "replace" = "push"): void {
  const address = addressOf(place);
  if (how === "replace") window.history.replaceState(null, "", address);
  else window.history.pushState(null, "", address);
}
