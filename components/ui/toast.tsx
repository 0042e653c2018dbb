import { Button } from "./button.tsx";

/** One line with one thing to do about it, in the middle of the place it is given. */
export function Toast({ text, act }: { text: string; act: { label: string; onClick: () => void } }) {
  return (
    <div
      role="status"
      className="mx-auto flex w-fit max-w-full animate-rise items-center gap-3 rounded-xl border border-line bg-card py-2 pr-2 pl-4 text-sm shadow-pop"
    >
      <span className="truncate">{text}</span>
      <Button small onClick={act.onClick}>
        {act.label}
      </Button>
    </div>
  );
}
