"use client";
import { type ReactNode, useEffect, useState } from "react";
import { type PluginConfig, Streamdown } from "streamdown";

/**
 * A reply's Markdown. Text of a model is data: links open elsewhere without a referrer, images are never fetched (an image's address
 * can carry the conversation away), raw HTML is sanitised by Streamdown, and half-finished Markdown is closed before it is drawn.
 */
export function MarkdownRendered({ text, streaming }: { text: string; streaming: boolean }) {
  return (
    <Streamdown
      mode={streaming ? "streaming" : "static"}
      dir="auto"
      plugins={useHighlighting(text)}
      components={{ a: Link, img: ImageAsText }}
      controls={{ table: false, image: false, mermaid: false, code: { copy: true, download: false } }}
      linkSafety={{ enabled: false }}
      lineNumbers={false}
      shikiTheme={["github-light", "github-dark"]}
    >
      {text}
    </Streamdown>
  );
}

/** The highlighter is a large chunk of its own, fetched when the first fenced block appears. */
function useHighlighting(text: string): PluginConfig {
  const [plugins, setPlugins] = useState<PluginConfig>({});
  const needed = text.includes("```");
  useEffect(() => {
    if (!needed) return;
    let wanted = true;
    import("@streamdown/code").then(({ code }) => wanted && setPlugins({ code })).catch(() => undefined);
    return () => {
      wanted = false;
    };
  }, [needed]);
  return plugins;
}

/** What these two read of an element; values are checked, for they are a model's. */
type ElementProps = { href?: unknown; src?: unknown; alt?: unknown; children?: unknown; node?: unknown };

function Link({ href, children }: ElementProps) {
  const words = children as ReactNode;
  if (typeof href !== "string" || !/^(https?:|mailto:)/i.test(href)) return <span>{words}</span>;
  return (
    <a href={href} target="_blank" rel="noreferrer noopener" title={href}>
      {words}
    </a>
  );
}

function ImageAsText({ src, alt }: ElementProps) {
  const words = typeof alt === "string" && alt !== "" ? `Image: ${alt}` : "Image";
  if (typeof src !== "string" || !/^https?:/i.test(src)) return <span className="text-ink-2">[{words}]</span>;
  return <Link href={src}>[{words}, not loaded]</Link>;
}
