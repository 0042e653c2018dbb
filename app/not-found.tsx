import { Mark } from "@/components/ui/mark.tsx";

export default function NotFound() {
  return (
    <main className="grid min-h-dvh place-items-center p-6">
      <section className="max-w-sm">
        <Mark className="size-8" />
        <h1 className="mt-5 font-[640] text-xl tracking-[-0.015em]">There is no such page</h1>
        <p className="mt-2 text-ink-2">The address may be mistyped, or what stood here was deleted.</p>
        <a
          href="/"
          className="mt-5 inline-flex h-9 items-center rounded-[10px] border border-ink bg-ink px-3.5 font-[520] text-paper text-sm"
        >
          To your conversations
        </a>
      </section>
    </main>
  );
}
