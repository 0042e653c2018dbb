"use client";
import { Pencil } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "@/components/ui/button.tsx";
import { cx } from "@/components/ui/cx.ts";
import { isLonger } from "@/components/ui/longer.ts";
import { BranchSwitch } from "./branch-switch.tsx";
import { CopyButton } from "./copy-button.tsx";
import { isSend } from "./keys.ts";
import { overBy, tooLong } from "./length.ts";

type Props = {
  id: string;
  text: string;
  siblings: readonly string[];
  busy: boolean;
  /** Why nothing can be sent though no turn runs; null where it can. */
  blocked: string | null;
  /** Returns whether the words went out; where they did not, the field keeps them. */
  onEdit: (text: string) => boolean;
  /** The words of an edit that was not sent, to go on from; null where there is none. */
  reopened: string | null;
  /** The edit is over. */
  onLetGo: () => void;
  onShow: (id: string) => void;
};

/** A longer message would fill the page before its reply: it is shown with its first lines, the rest on demand. */
const short = { characters: 1_200, lines: 16 };

/** What the person said. Saying it in other words makes a branch; the old one stays. */
export function UserMessage({ id, text, siblings, busy, blocked, reopened, onEdit, onLetGo, onShow }: Props) {
  const [editing, setEditing] = useState(false);
  const [whole, setWhole] = useState(false);
  const long = isLonger(text, short);
  const close = () => {
    setEditing(false);
    onLetGo();
  };
  if (editing || reopened !== null) {
    return (
      <Editor
        text={reopened ?? text}
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
          <IconButton label="Edit message" disabled={busy || blocked !== null} onClick={() => setEditing(true)}>
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

type EditorProps = { text: string; blocked: string | null; onCancel: () => void; onSend: (text: string) => void };

function Editor({ text, blocked, onCancel, onSend }: EditorProps) {
  const [value, setValue] = useState(text);
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
        autoFocus
        value={value}
        aria-invalid={over > 0 || undefined}
        rows={2}
        onChange={(event) => setValue(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") {
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
