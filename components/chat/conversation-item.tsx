"use client";
import { Ellipsis, Pencil, Pin, PinOff, Trash2 } from "lucide-react";
import { Suspense, useState } from "react";
import { IconButton } from "@/components/ui/button.tsx";
import { cx } from "@/components/ui/cx.ts";
import type { ConversationSummary } from "@/lib/shared/chat.ts";
import { searchWords } from "@/lib/shared/search.ts";
import { matches } from "./groups.ts";
import { isComposing, isSend } from "./keys.ts";
import { Menu } from "./parts.ts";

type Props = {
  conversation: ConversationSummary;
  /** What is searched for: where the title has not all of it, the text where it was found is shown. */
  search: string;
  current: boolean;
  onOpen: () => void;
  onRename: (title: string) => void;
  onPin: (pinned: boolean) => void;
  onDelete: () => void;
  /** The field for the title goes away by a key, with the focus. */
  onLeft: () => void;
};

/** A line of the list: a real link, so that it opens in a new tab too; what else can be done is behind the dots. */
export function ConversationItem({ conversation, search, current, onOpen, onRename, onPin, onDelete, onLeft }: Props) {
  const [renaming, setRenaming] = useState(false);
  const { id, title, pinned } = conversation;
  if (renaming) {
    const finish = (value: string) => {
      setRenaming(false);
      if (value.trim() !== "" && value.trim() !== title) onRename(value.trim());
    };
    return (
      <input
        aria-label="Title of the conversation"
        // biome-ignore lint/a11y/noAutofocus: the person has just asked to rename exactly this
        autoFocus
        defaultValue={title}
        maxLength={200}
        onFocus={(event) => event.target.select()}
        onBlur={(event) => finish(event.target.value)}
        onKeyDown={(event) => {
          const given = isSend(event);
          if (!given && (event.key !== "Escape" || isComposing(event))) return;
          event.stopPropagation();
          // Else the same press would open the link that the focus goes to.
          event.preventDefault();
          if (given) finish(event.currentTarget.value);
          setRenaming(false);
          onLeft();
        }}
        className="h-9 w-full rounded-lg border border-accent bg-card px-2.5 text-sm text-ink outline-none pointer-coarse:h-11 max-sm:text-base"
      />
    );
  }
  return (
    <div
      className={cx(
        "group/item relative flex items-center rounded-lg transition-colors duration-150",
        current ? "bg-soft text-ink" : "hover:bg-soft/70",
      )}
    >
      <a
        href={`/c/${id}`}
        aria-current={current ? "page" : undefined}
        title={title}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
          event.preventDefault();
          onOpen();
        }}
        className="min-w-0 flex-1 rounded-lg py-2 pr-2.5 pl-2.5 leading-5 group-focus-within/item:pr-10 group-hover/item:pr-10 pointer-coarse:py-3 pointer-coarse:pr-11"
      >
        <span className="block truncate">{title}</span>
        {search !== "" && conversation.excerpt && !matches(conversation, search) && (
          <span className="mt-0.5 line-clamp-2 text-[12.5px] text-ink-3 leading-[18px]">
            <Found text={conversation.excerpt} search={search} />
          </span>
        )}
      </a>
      <span className="absolute right-0 opacity-0 focus-within:opacity-100 group-hover/item:opacity-100 has-data-popup-open:opacity-100 pointer-coarse:opacity-100">
        <Suspense>
          <Menu
            label={`Actions for ${title}`}
            trigger={
              <IconButton label={`More about ${title}`} className="mr-0.5">
                <Ellipsis className="size-4" />
              </IconButton>
            }
            items={[
              { label: "Rename", icon: <Pencil />, onSelect: () => setRenaming(true) },
              pinned
                ? { label: "Unpin", icon: <PinOff />, onSelect: () => onPin(false) }
                : { label: "Pin", icon: <Pin />, onSelect: () => onPin(true) },
              { label: "Delete", icon: <Trash2 />, danger: true, onSelect: onDelete },
            ]}
          />
        </Suspense>
      </span>
    </div>
  );
}

/** A line of text with the words that were searched for set off. */
function Found({ text, search }: { text: string; search: string }) {
  const words = searchWords(search);
  const any = new RegExp(`(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "iu");
  return text.split(any).map((part, index) =>
    words.includes(part.toLowerCase()) ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text stay where they are
      <mark key={index} className="bg-transparent font-[560] text-ink">
        {part}
      </mark>
    ) : (
      part
    ),
  );
}
