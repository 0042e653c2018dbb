"use client";
import { lazy, memo, Suspense, useEffect } from "react";

const load = () => import("./markdown-rendered.tsx");
const Rendered = lazy(load);

/** Fetches the Markdown renderer while nothing else happens, so that it is there before the first reply is. */
export function usePreloadedMarkdown(): void {
  useEffect(() => {
    const timer = setTimeout(() => void load().catch(() => undefined), 300);
    return () => clearTimeout(timer);
  }, []);
}

/** The renderer is no part of the first load; until it is there the words stand as they are. */
export const Markdown = memo(function Markdown({ text, streaming }: { text: string; streaming: boolean }) {
  return (
    <div className="prose-reply" data-testid="reply-text">
      <Suspense fallback={<p className="whitespace-pre-wrap">{text}</p>}>
        <Rendered text={text} streaming={streaming} />
      </Suspense>
    </div>
  );
});
