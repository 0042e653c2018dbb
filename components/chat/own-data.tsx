"use client";
import { useState } from "react";
import { Button, buttonClass } from "@/components/ui/button.tsx";
import { api, sayWhy } from "./state/api.ts";
import { announceDeletion } from "./state/channel.ts";
import { beginAnew } from "./state/drafts.ts";

/** What is kept of a person is theirs: to take along, and to have deleted. */
export function OwnData() {
  const [asked, setAsked] = useState<boolean | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  async function deleteEverything() {
    setBusy(true);
    setProblem(null);
    try {
      await api.deleteEverything();
      announceDeletion();
      beginAnew();
    } catch (cause) {
      setProblem(sayWhy(cause));
      setBusy(false);
    }
  }
  return (
    <section aria-labelledby="own-data" className="mt-5">
      <h3 id="own-data" className="mb-2 font-[560] text-sm">
        Your data
      </h3>
      {asked ? (
        <div className="rounded-xl border border-line bg-paper p-3.5">
          <p className="text-sm">
            Every conversation, all feedback and these settings are deleted for good. This can’t be undone.
          </p>
          <div className="mt-3 flex flex-wrap gap-2">
            <Button look="danger" disabled={busy} onClick={() => void deleteEverything()}>
              Delete everything
            </Button>
            {/* The button that was pressed is gone: the harmless answer takes the focus. */}
            <Button autoFocus disabled={busy} onClick={() => setAsked(false)}>
              Keep it
            </Button>
          </div>
        </div>
      ) : (
        <div className="flex flex-wrap gap-2">
          <a href="/api/data" download className={buttonClass({})}>
            Download
          </a>
          <Button autoFocus={asked === false} onClick={() => setAsked(true)}>
            Delete everything…
          </Button>
        </div>
      )}
      <p role="alert" className="mt-2 text-bad text-sm empty:hidden">
        {problem}
      </p>
    </section>
  );
}
