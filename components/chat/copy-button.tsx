"use client";
import { Check, Copy, X } from "lucide-react";
import { useEffect, useState } from "react";
import { IconButton } from "@/components/ui/button.tsx";

type Outcome = "copied" | "failed";

export function CopyButton({ text, label, onCopied }: { text: string; label: string; onCopied?: () => void }) {
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  useEffect(() => {
    if (outcome === null) return;
    const timer = setTimeout(() => setOutcome(null), 1_600);
    return () => clearTimeout(timer);
  }, [outcome]);
  return (
    <IconButton
      label={outcome === null ? label : outcome === "copied" ? "Copied" : "Could not be copied"}
      onClick={async () => {
        const copied = await copy(text);
        setOutcome(copied ? "copied" : "failed");
        if (copied) onCopied?.();
      }}
    >
      {outcome === null ? <Copy className="size-4" /> : null}
      {outcome === "copied" ? <Check className="size-4 text-accent" /> : null}
      {outcome === "failed" ? <X className="size-4 text-bad" /> : null}
    </IconButton>
  );
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

/** The old way, for plain http on another host than localhost, where there is no `navigator.clipboard`. */
function copySelected(text: string): boolean {
  const before = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "fixed top-0 opacity-0";
  document.body.append(field);
  field.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    field.remove();
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  }
}
