"use client";
import { memo, Suspense } from "react";
import { MarkdownRendered } from "./parts.ts";

/** The renderer is no part of the first load; until it is there the words stand as they are. */
export const Markdown = memo(function Markdown({ text, streaming }: { text: string; streaming: boolean }) {
  return (
    <div className="prose-reply" data-testid="reply-text">
      <Suspense fallback={<p className="whitespace-pre-wrap">{text}</p>}>
        <MarkdownRendered text={text} streaming={streaming} />
      </Suspense>
    </div>
  );
});
