import { Button } from "./button.tsx";

/** One line at the bottom of the page, with one thing to do about it. */
export function Toast({ text, act }: { text: string; act: { label: string; onClick: () => void } }) {
  return (
    <div
      role="status"
      className="fixed inset-x-4 bottom-4 z-50 mx-auto flex w-fit max-w-[calc(100vw-2rem)] animate-rise items-center gap-3 rounded-xl border border-line bg-card py-2 pr-2 pl-4 text-sm shadow-pop"
    >
      <span className="truncate">{text}</span>
      <Button small onClick={act.onClick}>
        {act.label}
      </Button>
    </div>
  );
}
