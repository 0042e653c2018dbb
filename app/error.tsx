"use client";
import { useEffect } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Mark } from "@/components/ui/mark.tsx";

/** The page itself broke. What was written is in the browser's storage and on the server, so beginning anew loses nothing. */
export default function PageError({ error }: { error: Error & { digest?: string } }) {
  useEffect(() => console.error(error), [error]);
  return (
    <main className="grid min-h-dvh place-items-center p-6">
      <section className="max-w-sm">
        <Mark className="size-8" />
        <h1 className="mt-5 font-[640] text-xl tracking-[-0.015em]">This page stumbled</h1>
        <p className="mt-2 text-ink-2">Nothing you wrote is lost. A reload brings it back.</p>
        <Button look="solid" className="mt-5" onClick={() => window.location.reload()}>
          Reload
        </Button>
      </section>
    </main>
  );
}
