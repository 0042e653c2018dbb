"use client";
import { Search, SlidersHorizontal, SquarePen } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { cx } from "@/components/ui/cx.ts";
import { Mark } from "@/components/ui/mark.tsx";
import { ThemeButton } from "@/components/ui/theme-button.tsx";
import { searchLimit } from "@/lib/shared/search.ts";
import { ConversationItem } from "./conversation-item.tsx";
import { groupsOf, searched } from "./groups.ts";
import type { Conversations } from "./state/conversations.ts";
import { useStore } from "./state/store.ts";
import { useModifier } from "./use-media.ts";

/** After so many milliseconds without a key the texts are searched too. */
const pauseMs = 200;

type Props = {
  conversations: Conversations;
  current: string | null;
  onNew: () => void;
  onOpen: (id: string) => void;
  onDeleted: (id: string) => void;
  onSettings: () => void;
};

/** New, search, and what was talked about. The same on a desktop's side and in a phone's drawer. */
export function Sidebar({ conversations, current, onNew, onOpen, onDeleted, onSettings }: Props) {
  const { list, problem, refused, found } = useStore(conversations.store);
  const modifier = useModifier();
  const [search, setSearch] = useState("");
  const rows = useRef<HTMLDivElement>(null);
  const [acted, setActed] = useState<{ id: string } | null>(null);
  // What a row was renamed or pinned with is gone, and took the focus along: it goes to the row, wherever that stands now.
  useEffect(() => {
    const row = acted && rows.current?.querySelector<HTMLElement>(`[href="/c/${CSS.escape(acted.id)}"]`);
    // Whoever works with a pointer stays where they are in the list.
    row?.focus({ preventScroll: true });
    if (row?.matches(":focus-visible")) row.scrollIntoView({ block: "nearest" });
  }, [acted]);
  const words = search.trim();
  useEffect(() => {
    if (words === "") return;
    const timer = setTimeout(() => void conversations.search(words), pauseMs);
    return () => clearTimeout(timer);
  }, [conversations, words]);
  const searching = words !== "";
  useEffect(() => {
    if (searching) return () => void conversations.search("");
  }, [conversations, searching]);
  const shown = words === "" ? (list ?? []) : searched(list ?? [], found?.list ?? [], words);
  return (
    <nav aria-label="Conversations" className="flex h-full min-h-0 flex-col text-ink-2 text-sm">
      <div className="px-3 pt-4">
        <a
          href="/"
          className="mb-3 inline-flex items-center gap-2.5 rounded-lg px-2 py-1 font-[640] text-[17px] text-ink tracking-[-0.015em]"
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey) return;
            event.preventDefault();
            onNew();
          }}
        >
          <Mark className="size-[22px]" />
          Parley
        </a>
        <button
          type="button"
          onClick={onNew}
          className="flex h-10 w-full items-center gap-2.5 rounded-[10px] border border-line bg-card px-3 text-ink transition-colors duration-150 hover:border-line-2 pointer-coarse:h-11"
        >
          <SquarePen className="size-4 text-ink-3" />
          New conversation
          <kbd className="ml-auto font-sans text-[12px] text-ink-3 pointer-coarse:hidden">{modifier} K</kbd>
        </button>
        <label className="mt-2 flex h-9 items-center gap-2.5 rounded-[10px] px-3 text-ink-3 focus-within:bg-soft hover:bg-soft pointer-coarse:h-11">
          <Search className="size-4 shrink-0" />
          <input
            type="search"
            aria-label="Search conversations"
            placeholder="Search"
            maxLength={searchLimit}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            className="w-full min-w-0 bg-transparent text-ink outline-none placeholder:text-ink-3 max-sm:text-base"
          />
        </label>
      </div>
      <div ref={rows} className="mt-2 min-h-0 flex-1 overflow-y-auto px-3 pb-3 thin-scroll">
        {groupsOf(shown, Date.now()).map((group) => (
          <section key={group.name} aria-label={group.name}>
            <h2 className="px-2.5 pt-4 pb-1.5 font-[520] text-[12.5px] text-ink-3">{group.name}</h2>
            <ul className="grid grid-cols-[minmax(0,1fr)] gap-px">
              {group.conversations.map((conversation) => (
                <li key={conversation.id}>
                  <ConversationItem
                    conversation={conversation}
                    search={words}
                    current={conversation.id === current}
                    onOpen={() => onOpen(conversation.id)}
                    onRename={(title) => void conversations.change(conversation.id, { title })}
                    onLeft={() => setActed({ id: conversation.id })}
                    onPin={(pinned) => {
                      void conversations.change(conversation.id, { pinned });
                      setActed({ id: conversation.id });
                    }}
                    onDelete={() => {
                      conversations.remove(conversation.id);
                      onDeleted(conversation.id);
                    }}
                  />
                </li>
              ))}
            </ul>
          </section>
        ))}
        <p className={cx("px-2.5 text-[13px] text-bad", refused !== null && "pt-4")} role="status">
          {refused}
        </p>
        <p className="px-2.5 pt-4 text-[13px] text-ink-3" role="status">
          {problem ??
            found?.problem ??
            (shown.length > 0 ? "" : emptyWords(list === null, words, found?.words ?? null))}
        </p>
      </div>
      <div className="flex items-center justify-between border-line border-t px-3 py-2.5">
        <button
          type="button"
          onClick={onSettings}
          className="flex h-8 items-center gap-2.5 rounded-lg px-2 transition-colors hover:bg-soft hover:text-ink pointer-coarse:h-10"
        >
          <SlidersHorizontal className="size-4 text-ink-3" />
          Settings
        </button>
        <ThemeButton />
      </div>
    </nav>
  );
}

function emptyWords(loading: boolean, words: string, found: string | null): string {
  if (words === "") return loading ? "" : "Your conversations will appear here.";
  return found === words ? "No conversation has these words." : "";
}
