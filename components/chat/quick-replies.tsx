import { upperFirst } from "@/components/lookahead/words.ts";
import { Chip } from "@/components/ui/chip.tsx";

type Props = {
  replies: readonly { intentId: string; text: string }[];
  onPick: (text: string) => void;
  onOther: () => void;
};

/** Under a question: one chip a reading, and the way to say something else. */
export function QuickReplies({ replies, onPick, onOther }: Props) {
  return (
    <fieldset className="mt-4 flex flex-wrap gap-2" aria-label="Quick replies" data-testid="quick-replies">
      {replies.map((reply) => (
        <Chip key={reply.intentId} onClick={() => onPick(upperFirst(reply.text))}>
          {upperFirst(reply.text)}
        </Chip>
      ))}
      <Chip onClick={onOther} className="border-dashed text-ink-2">
        Something else …
      </Chip>
    </fieldset>
  );
}
