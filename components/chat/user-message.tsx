"use client";
import { Pencil } from "lucide-react";
import { useEffect, useState } from "react";
import { Button, IconButton } from "@/components/ui/button.tsx";
import { cx } from "@/components/ui/cx.ts";
import { isLonger } from "@/components/ui/longer.ts";
import { BranchSwitch } from "./branch-switch.tsx";
import { CopyButton } from "./copy-button.tsx";
import { isComposing, isSend } from "./keys.ts";
import { overBy, tooLong } from "./length.ts";
import { dropEdit, readEdit, writeEdit } from "./state/drafts.ts";

type Props = {
  id: string;
  text: string;
  siblings: readonly string[];
  busy: boolean;
  /** Why nothing can be sent though no turn runs; null where it can. */
  blocked: string | null;
  /** Returns whether the words went out; where they did not, the field keeps them. */
  onEdit: (text: string) => boolean;
  /** An edit that was not sent is open again. */
  reopened: boolean;
  /** The edit is over. */
  onLetGo: () => void;
  onShow: (id: string) => void;
};

/** A longer message would fill the page before its reply: it is shown with its first lines, the rest on demand. */
const short = { characters: 1_200, lines: 16 };

/** What the person said. Saying it in other words makes a branch; the old one stays. */
export function UserMessage({ id, text, siblings, busy, blocked, reopened, onEdit, onLetGo, onShow }: Props) {
  const [editing, setEditing] = useState<"asked" | "left open" | null>(null);
  // Storage is read after hydration, as the composer's draft is.
  useEffect(() => setEditing((now) => now ?? (readEdit(id) === "" ? null : "left open")), [id]);
  const [whole, setWhole] = useState(false);
  const long = isLonger(text, short);
  const close = () => {
    dropEdit(id);
    setEditing(null);
    onLetGo();
  };
  if (editing !== null || reopened) {
    return (
      <Editor
        begin={() => readEdit(id) || text}
        focused={editing !== "left open"}
        onType={(value) => (value === text ? dropEdit(id) : writeEdit(id, value))}
        blocked={busy ? "Wait for the reply, or stop it" : blocked}
        onCancel={close}
        onSend={(next) => {
          if (next === text || onEdit(next)) close();
        }}
      />
    );
  }
  return (
    <div className="group/user flex flex-col items-end">
      <div
        data-testid="user-text"
        className="max-w-[85%] whitespace-pre-wrap break-words rounded-[20px] rounded-br-md bg-soft px-4 py-2.5 leading-[1.6] sm:max-w-[80%]"
        dir="auto"
      >
        <span className="sr-only">You said: </span>
        <span className={cx(long && !whole && "line-clamp-[12]")}>{text}</span>
      </div>
      <div className="mt-0.5 flex h-8 items-center pointer-coarse:-mr-2 pointer-coarse:h-10">
        <BranchSwitch siblings={siblings} id={id} disabled={busy} onShow={onShow} what="message" />
        <div className="flex opacity-0 pointer-coarse:[&_button]:text-ink-3 transition-opacity duration-150 focus-within:opacity-100 group-hover/user:opacity-100 pointer-coarse:opacity-100">
          <CopyButton text={text} label="Copy message" />
          <IconButton label="Edit message" disabled={busy || blocked !== null} onClick={() => setEditing("asked")}>
            <Pencil className="size-[15px]" />
          </IconButton>
        </div>
        {long ? (
          <Button small look="quiet" aria-expanded={whole} onClick={() => setWhole(!whole)}>
            {whole ? "Show less" : "Show all of it"}
          </Button>
        ) : null}
      </div>
    </div>
  );
}

type EditorProps = {
  /** The words it opens with. Asked for once: what another tab writes meanwhile is not this one's. */
  begin: () => string;
  /** False where nobody has just asked for it: a reload must not take the focus. */
  focused: boolean;
  blocked: string | null;
  onType: (text: string) => void;
  onCancel: () => void;
  onSend: (text: string) => void;
};

function Editor({ begin, focused, blocked, onType, onCancel, onSend }: EditorProps) {
  const [value, setValue] = useState(begin);
  const over = overBy(value);
  const canSend = blocked === null && value.trim() !== "" && over <= 0;
  const submit = () => canSend && onSend(value.trim());
  return (
    <form
      className="ml-auto w-full max-w-[85%] rounded-[20px] border border-line-2 bg-card p-3 sm:max-w-[80%]"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <textarea
        aria-label="Edit message"
        // biome-ignore lint/a11y/noAutofocus: the person has just asked to edit exactly this
        autoFocus={focused}
        value={value}
        aria-invalid={over > 0 || undefined}
        rows={2}
        onChange={(event) => {
          setValue(event.target.value);
          onType(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape" && !isComposing(event)) {
            event.stopPropagation();
            onCancel();
          }
          if (isSend(event)) {
            event.preventDefault();
            submit();
          }
        }}
        className="field-sizing-content block max-h-[40dvh] w-full resize-none bg-transparent px-1.5 py-0.5 outline-none"
      />
      <div className="mt-2 flex flex-wrap items-center justify-end gap-2">
        <p role="status" className={cx("mr-auto px-1.5 text-[13px]", over > 0 ? "text-bad" : "text-ink-3")}>
          {over > 0 ? tooLong(over) : blocked}
        </p>
        <Button small look="quiet" onClick={onCancel}>
          Cancel
        </Button>
        <Button small look="solid" type="submit" disabled={!canSend}>
          Send as a new branch
        </Button>
      </div>
    </form>
  );
}
