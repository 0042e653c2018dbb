import { Bar } from "@/components/ui/bar.tsx";
import type { IntentRecord } from "@/lib/shared/record.ts";
import { percent } from "./numbers.ts";
import { upperFirst } from "./words.ts";

/** What the request might mean, heaviest first, "something else" last. */
export function ReadingsList({ intents }: { intents: readonly IntentRecord[] }) {
  const sorted = intents.toSorted((a, b) => Number(a.other) - Number(b.other) || b.weight - a.weight);
  return (
    <ul className="divide-y divide-line">
      {sorted.map((intent) => (
        <li key={intent.id} className="grid grid-cols-[minmax(0,1fr)_5.5rem_2.8rem] items-center gap-3 py-2.5 text-sm">
          <span className="leading-snug [overflow-wrap:anywhere]">
            {intent.other ? "Something else" : upperFirst(intent.text)}
          </span>
          <Bar value={intent.weight} look={intent.other ? "hatch" : "solid"} />
          <span className="text-right tabular-nums">{percent(intent.weight)}</span>
        </li>
      ))}
    </ul>
  );
}
