import { Notice } from "./notice.tsx";
import type { Unsent } from "./state/session-state.ts";

type Props = {
  unsent: Unsent;
  busy: boolean;
  /** The conversation was deleted: only another one can take the message. */
  gone: boolean;
  onRetry: () => void;
  onTakeBack: () => void;
  onMoveOn: () => void;
};

/** A message the server does not have: kept, said so, and sent again under the same id when asked to. */
export function UnsentMessage({ unsent, busy, gone, onRetry, onTakeBack, onMoveOn }: Props) {
  const back = { label: "Edit", onClick: onTakeBack };
  const again = gone
    ? [{ label: "Take it to a new conversation", onClick: onMoveOn }]
    : busy
      ? [back]
      : [{ label: "Retry", onClick: onRetry }, back];
  return (
    <section data-testid="unsent" aria-label="Message not sent" className="flex flex-col items-end gap-2.5">
      <p
        dir="auto"
        className="max-w-[85%] whitespace-pre-wrap break-words rounded-[20px] rounded-br-md border border-line-2 border-dashed px-4 py-2.5 leading-[1.6] sm:max-w-[80%]"
      >
        {unsent.text}
      </p>
      <div role="alert" className="w-full max-w-[26rem]">
        <Notice tone="bad" title="Not sent" acts={again}>
          {gone ? "This conversation was deleted. Your message is kept." : unsent.why}
        </Notice>
      </div>
    </section>
  );
}
