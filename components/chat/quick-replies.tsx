import { upperFirst } from "@/components/lookahead/words.ts";
import { Chip } from "@/components/ui/chip.tsx";
import { isLonger } from "@/components/ui/longer.ts";

type Props = {
  replies: readonly { intentId: string; text: string }[];
  onPick: (text: string) => void;
  onOther: () => void;
};

/** About what two lines of a phone hold. */
const chipRoom = { characters: 72, lines: 1 };

/** Under a question: one chip a reading, and the way to say something else. */
export function QuickReplies({ replies, onPick, onOther }: Props) {
  return (
    <fieldset className="mt-4 flex flex-wrap gap-2" aria-label="Quick replies" data-testid="quick-replies">
      {replies.map((reply) => (
        <Chip
          key={reply.intentId}
          title={isLonger(reply.text, chipRoom) ? upperFirst(reply.text) : undefined}
          onClick={() => onPick(upperFirst(reply.text))}
        >
          {/* Clipped to the eye alone: a screen reader, and the conversation, get all of it. */}
          <span className="line-clamp-2">{upperFirst(reply.text)}</span>
        </Chip>
      ))}
      <Chip onClick={onOther} className="border-dashed text-ink-2">
        Something else …
      </Chip>
    </fieldset>
  );
}
