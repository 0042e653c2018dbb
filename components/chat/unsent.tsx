import { Notice } from "./notice.tsx";
import type { Unsent } from "./state/session.ts";

type Props = { unsent: Unsent; busy: boolean; onRetry: () => void; onTakeBack: () => void };

/** A message the server does not have: kept, said so, and sent again under the same id when asked to. */
export function UnsentMessage({ unsent, busy, onRetry, onTakeBack }: Props) {
  const back = { label: "Edit", onClick: onTakeBack };
  return (
    <section data-testid="unsent" aria-label="Message not sent" className="flex flex-col items-end gap-2.5">
      <p
        dir="auto"
        className="max-w-[85%] whitespace-pre-wrap break-words rounded-[20px] rounded-br-md border border-line-2 border-dashed px-4 py-2.5 leading-[1.6] sm:max-w-[80%]"
      >
        {unsent.text}
      </p>
      <div role="alert" className="w-full max-w-[26rem]">
        <Notice tone="bad" title="Not sent" acts={busy ? [back] : [{ label: "Retry", onClick: onRetry }, back]}>
          {unsent.why}
        </Notice>
      </div>
    </section>
  );
}
