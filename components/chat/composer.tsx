"use client";
import { ArrowUp, Square } from "lucide-react";
import { type MouseEvent, type RefObject, useEffect, useRef, useState } from "react";
import { cx } from "@/components/ui/cx.ts";
import { isSend } from "./keys.ts";
import { overBy, roomLeft, tooLong } from "./length.ts";
import { addToDraft, writeDraft } from "./state/drafts.ts";
import { hasKeyboard } from "./use-media.ts";

type Props = {
  conversationId: string | null;
  inputRef: RefObject<HTMLTextAreaElement | null>;
  busy: boolean;
  stopping: boolean;
  /** Why nothing can be sent now; null where it can. */
  blocked: string | null;
  placeholder: string;
  /** Text to put into the field (a message taken back, kept as the draft already), changed by reference. */
  given: { text: string } | null;
  modeLabel: string;
  onMode: () => void;
  onSend: (text: string) => void;
  onStop: () => void;
};

/** A press aimed at Stop, in the moment when the reply ends, comes this long after it at the latest, in milliseconds. */
const aimedAtStopMs = 300;

/** Where the person writes. What stands in it is kept at every keystroke and goes only when the server has it. */
export function Composer(props: Props) {
  const { conversationId, inputRef, busy, blocked } = props;
  const [text, setText] = useState("");
  const first = useRef(conversationId);

  // Storage is read after hydration: the server has no drafts. Words typed before the page was alive go after an old one.
  // The field lives as long as its session (see parley.tsx), so a first message that makes its conversation does not empty it.
  const [ready, setReady] = useState(false);
  useEffect(() => {
    setText(addToDraft(first.current, inputRef.current?.value ?? ""));
    setReady(true);
    // With a keyboard at hand one writes at once; on a phone the keyboard would cover the page.
    if (hasKeyboard()) inputRef.current?.focus({ preventScroll: true });
  }, [inputRef]);

  // What was given before this field was there is in the draft that it begins with.
  const known = useRef(props.given);
  useEffect(() => {
    if (props.given === null || props.given === known.current) return;
    known.current = props.given;
    setText(props.given.text);
  }, [props.given]);

  const change = (next: string) => {
    setText(next);
    writeDraft(conversationId, next);
  };
  // Send stands where Stop stood.
  const stopWent = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    if (!busy) return;
    return () => {
      stopWent.current = performance.now();
    };
  }, [busy]);

  const over = overBy(text);
  const canSend = !busy && blocked === null && text.trim() !== "" && over <= 0;
  const submit = () => {
    if (!canSend) return;
    // The stored draft stays; session.ts keeps it as unsent until the server has the message.
    setText("");
    props.onSend(text.trim());
  };

  return (
    <form
      data-testid="composer"
      data-ready={ready}
      className="rounded-[22px] border border-line bg-card shadow-card transition-[border-color] duration-150 focus-within:border-line-2"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <textarea
        ref={inputRef}
        aria-label="Message"
        aria-describedby={blocked === null && over <= 0 ? undefined : "composer-blocked"}
        aria-invalid={over > 0 || undefined}
        placeholder={props.placeholder}
        value={text}
        rows={1}
        dir="auto"
        enterKeyHint="send"
        onChange={(event) => change(event.target.value)}
        onKeyDown={(event) => {
          if (!isSend(event)) return;
          event.preventDefault();
          submit();
        }}
        className="field-sizing-content block max-h-[38dvh] min-h-[52px] w-full resize-none bg-transparent px-[18px] pt-3.5 pb-1 leading-[1.55] outline-none placeholder:text-ink-3"
      />
      <div className="flex items-center gap-2 pr-2.5 pb-2.5 pl-2.5">
        <button
          type="button"
          onClick={props.onMode}
          className="h-8 min-w-0 truncate rounded-lg px-2 text-[13px] text-ink-3 transition-colors hover:bg-soft hover:text-ink pointer-coarse:h-10"
        >
          <span className="sr-only">Settings: </span>
          {props.modeLabel}
        </button>
        <span
          id="composer-blocked"
          className={cx("ml-auto shrink-0 text-[13px] tabular-nums", over > 0 ? "text-bad" : "text-ink-3")}
        >
          {over > 0 ? tooLong(over) : (blocked ?? roomLeft(over))}
        </span>
        {/* Keys: two buttons, so that the focus on one is never the focus on the other. */}
        {busy ? (
          <RoundButton
            key="stop"
            label={props.stopping ? "Stopping" : "Stop"}
            disabled={props.stopping}
            // The second click of a double click was meant for Send.
            onClick={(event) => event.detail > 1 || props.onStop()}
          >
            <Square className="size-3.5" fill="currentColor" />
          </RoundButton>
        ) : (
          <RoundButton
            key="send"
            label="Send"
            disabled={!canSend}
            submit
            onClick={(event) => {
              if (performance.now() - stopWent.current < aimedAtStopMs) event.preventDefault();
            }}
          >
            <ArrowUp className="size-[18px]" strokeWidth={2.4} />
          </RoundButton>
        )}
      </div>
    </form>
  );
}

type RoundProps = {
  label: string;
  disabled: boolean;
  submit?: boolean;
  onClick: (event: MouseEvent) => void;
  children: React.ReactNode;
};

function RoundButton({ label, disabled, submit = false, onClick, children }: RoundProps) {
  return (
    <button
      type={submit ? "submit" : "button"}
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={onClick}
      className="grid size-9 shrink-0 place-items-center rounded-full bg-accent text-on-accent transition-[opacity,background-color] duration-150 hover:opacity-90 disabled:bg-soft disabled:text-ink-3 pointer-coarse:size-11"
    >
      {children}
    </button>
  );
}
