import type { UIMessage } from "ai";
import type { MessageView } from "@/lib/shared/chat.ts";
import type { DataParts, Metadata } from "@/lib/shared/events.ts";

/** A message as useChat holds it: text and the turn's data parts. */
export type ParleyMessage = UIMessage<Metadata, DataParts>;

/** From the server's view of a message. Its parts are a fold of the journal, so they are parts of ours already. */
export function toMessage(view: MessageView): ParleyMessage {
  const parts = view.parts as ParleyMessage["parts"];
  const hasText = parts.some((part) => part.type === "text");
  return {
    id: view.id,
    role: view.role,
    metadata: {
      createdAt: view.createdAt,
      parentId: view.parentId,
      ...(view.runId === null ? {} : { runId: view.runId }),
      ...(view.state === null ? {} : { state: view.state }),
    },
    parts: hasText || view.text === "" ? parts : [...parts, { type: "text", text: view.text }],
  };
}

export function textOf(message: ParleyMessage): string {
  return message.parts.map((part) => (part.type === "text" ? part.text : "")).join("");
}

/** The run that makes or made a reply; null where there is none, or none that is known yet. */
export function runOf(message: ParleyMessage): string | null {
  if (message.metadata?.runId !== undefined) return message.metadata.runId;
  for (const part of message.parts) if (part.type === "data-run") return part.data.runId;
  return null;
}

/** A uuid also where `crypto.randomUUID` is missing (plain http on another host than localhost). */
export function newId(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
