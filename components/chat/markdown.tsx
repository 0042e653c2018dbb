"use client";
import { lazy, memo, Suspense } from "react";

const Rendered = lazy(() => import("./markdown-rendered.tsx"));

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
