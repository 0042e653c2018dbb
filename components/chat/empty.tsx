import { KindMark } from "@/components/lookahead/kind-mark.tsx";

/** Two that are clear and two that leave something open, so that the first minute shows both sides of the product. */
const suggestions = [
  { text: "Write an email to my landlord", open: true },
  { text: "Why does water boil at a lower temperature in the mountains?", open: false },
  { text: "Help me plan a weekend away", open: true },
  { text: "Sort a list of people by surname, then by age, in Python", open: false },
] as const;

/** The page before the first word. */
export function Empty({ onPick }: { onPick: (text: string) => void }) {
  return (
    <section className="mx-auto flex w-full max-w-[720px] flex-1 flex-col justify-center px-4 pt-6 pb-5 sm:px-6 sm:pt-10">
      <h1 className="font-[640] text-[26px] leading-tight tracking-[-0.022em] sm:text-[32px]">
        What would you like to get done?
      </h1>
      <p className="mt-3 max-w-[54ch] text-ink-2">
        Parley imagines how the conversation could go on before it answers, or asks. You can always see why.
      </p>
      <ul className="mt-6 grid gap-2.5 sm:mt-8 sm:grid-cols-2">
        {suggestions.map(({ text, open }) => (
          <li key={text}>
            <button
              type="button"
              onClick={() => onPick(text)}
              className="flex h-full w-full flex-col gap-2.5 rounded-2xl border border-line bg-card px-4 py-3.5 text-left text-[15px] leading-snug transition-[border-color,box-shadow] duration-150 hover:border-line-2 hover:shadow-card"
            >
              <span className="flex-1">{text}</span>
              <span className="flex items-center gap-2 text-[12.5px] text-ink-3">
                <KindMark kind={open ? "ask" : "answer"} className="size-2.5" />
                {open ? "leaves something open" : "clear as it stands"}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
