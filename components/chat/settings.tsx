"use client";
import { useEffect, useId } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Choice } from "@/components/ui/choice.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { systemPromptLimit } from "@/lib/shared/chat.ts";
import type { Asking, Preset } from "@/lib/shared/kinds.ts";
import { overBy, tooLong } from "./length.ts";
import { OwnData } from "./own-data.tsx";
import type { SettingsStore } from "./state/settings.ts";
import { useStore } from "./state/store.ts";
import { useModifier } from "./use-media.ts";

type Props = { open: boolean; settings: SettingsStore; onClose: () => void };

const presets: { value: Preset; label: string; hint: string }[] = [
  { value: "direct", label: "Direct", hint: "Answers at once and never looks ahead: a plain chat." },
  { value: "fast", label: "Fast", hint: "Looks ahead once, briefly." },
  { value: "balanced", label: "Balanced", hint: "Looks ahead where a request leaves something open." },
  { value: "deep", label: "Deep", hint: "Plays out more futures before it decides; takes longer." },
  { value: "reference", label: "Reference", hint: "The paper's own scheme: everything, always. Slow, for comparison." },
];

const askings: { value: Asking; label: string; hint: string }[] = [
  { value: "never", label: "Never", hint: "Always answers; says what it assumed." },
  { value: "rarely", label: "Rarely", hint: "Asks only where a guess would likely miss." },
  { value: "balanced", label: "Balanced", hint: "Asks where one question is worth your time." },
  { value: "often", label: "Often", hint: "Would rather ask than guess." },
];

const shortcuts: [string, string][] = [
  ["Enter", "send"],
  ["Shift Enter", "new line"],
  ["Esc", "close the sheet, or stop the reply"],
];

/** How the assistant goes about it. Every change holds from the next message on. */
export function SettingsDialog({ open, settings, onClose }: Props) {
  const modifier = useModifier();
  const { settings: current, problem } = useStore(settings.store);
  return (
    <Dialog open={open} onClose={onClose} title="Settings" description="Changes count from your next message on.">
      {current === null ? (
        <div className="mt-5 flex items-center justify-between gap-4 text-ink-2 text-sm" role="status">
          {problem ?? "Fetching your settings"}
          {problem === null ? null : (
            <Button small onClick={() => void settings.load()}>
              Try again
            </Button>
          )}
        </div>
      ) : (
        <>
          <Choice
            legend="How far it looks ahead"
            value={current.preset}
            options={presets}
            onChange={(preset) => void settings.change({ preset })}
          />
          <Choice
            legend="How readily it asks"
            value={current.asking}
            options={askings}
            onChange={(asking) => void settings.change({ asking })}
          />
          <SystemPrompt settings={settings} value={current.systemPrompt} />
          {problem === null ? null : (
            <p className="mt-3 text-bad text-sm" role="alert">
              {problem}
            </p>
          )}
        </>
      )}
      <OwnData />
      <dl className="mt-6 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-[13px] text-ink-2 pointer-coarse:hidden">
        {[[`${modifier} K`, "new conversation"], ...shortcuts].map(([keys, does]) => (
          <div key={keys} className="contents">
            <dt>
              <kbd className="rounded-md border border-line bg-paper px-1.5 py-0.5 font-sans text-[12px]">{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <Button className="mt-6 self-end" look="solid" onClick={onClose}>
        Done
      </Button>
    </Dialog>
  );
}

function SystemPrompt({ settings, value }: { settings: SettingsStore; value: string }) {
  const { typed } = useStore(settings.store);
  const notice = useId();
  const over = overBy(typed ?? value, systemPromptLimit);
  // Escape takes the field away without a blur.
  useEffect(() => () => void settings.saveTyped(), [settings]);
  return (
    <div className="mt-5">
      <label className="block">
        <span className="mb-2 block font-[560] text-sm">What it should know or keep in mind</span>
        <textarea
          value={typed ?? value}
          aria-invalid={over > 0 || undefined}
          aria-describedby={notice}
          rows={3}
          placeholder="For example: I write British English. Keep code short."
          onChange={(event) => settings.type(event.target.value)}
          onBlur={() => void settings.saveTyped()}
          className="block w-full resize-y rounded-xl border border-line bg-paper px-3 py-2 text-base leading-normal placeholder:text-ink-3 sm:text-[14.5px]"
        />
      </label>
      <p id={notice} role="status" className="text-[13px] text-bad">
        {over > 0 ? `${tooLong(over)} to be kept` : null}
      </p>
    </div>
  );
}
