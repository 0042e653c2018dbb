"use client";
import { type ReactNode, useEffect, useState } from "react";
import { type PluginConfig, Streamdown } from "streamdown";
import { hasMaths, withMaths } from "./maths.ts";

/**
 * A reply's Markdown. Text of a model is data: links open elsewhere without a referrer, images are never fetched (an image's address
 * can carry the conversation away), raw HTML is sanitised by Streamdown, and half-finished Markdown is closed before it is drawn.
 */
export function MarkdownRendered({ text, streaming }: { text: string; streaming: boolean }) {
  return (
    <Streamdown
      mode={streaming ? "streaming" : "static"}
      dir="auto"
      plugins={useParts(text)}
      components={{ a: Link, img: ImageAsText }}
      controls={{ table: false, image: false, mermaid: false, code: { copy: true, download: false } }}
      linkSafety={{ enabled: false }}
      lineNumbers={false}
      shikiTheme={["github-light", "github-dark"]}
    >
      {withMaths(text, streaming)}
    </Streamdown>
  );
}

/** The highlighter and the renderer of maths are large chunks of their own, fetched when the first fence or formula appears. */
function useParts(text: string): PluginConfig {
  const [plugins, setPlugins] = useState<PluginConfig>({});
  const code = text.includes("```");
  const maths = hasMaths(text);
  useEffect(() => {
    let wanted = true;
    const fetched = (part: Promise<PluginConfig>) => {
      part.then((plugin) => wanted && setPlugins((known) => ({ ...known, ...plugin }))).catch(() => undefined);
    };
    if (code) fetched(import("@streamdown/code"));
    if (maths) fetched(import("./maths-plugin.ts"));
    return () => {
      wanted = false;
    };
  }, [code, maths]);
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
