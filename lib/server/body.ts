import type { z } from "zod";
import { Refusal } from "../shared/refusal.ts";

/** The longest text of 32,000 characters, each escaped, and some room: more is no message. */
const mostBytes = 256 * 1024;

/**
 * What changes something is JSON, also where no body is needed: a form or a beacon of another page can send the other types
 * without being asked first. Without a body no type need be said.
 * @throws Refusal 415 `not_json`
 */
export function checkType(request: Request, needed: boolean): void {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type === "application/json" || (type === undefined && !needed)) return;
  throw new Refusal(415, "not_json", "Send the body as JSON, with the header content-type: application/json.");
}

/**
 * Reads a JSON body and checks it.
 * @throws Refusal 413 (too large), 400 `invalid_json`, 400 `invalid_body` with the field
 */
export async function readBody<Schema extends z.ZodType>(request: Request, schema: Schema): Promise<z.output<Schema>> {
  const text = await readText(request);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal(400, "invalid_json", "The body is not valid JSON.");
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join(".") ?? "";
  const message = field
    ? `The field ${field} cannot be used: ${issue?.message}.`
    : `The body cannot be used: ${issue?.message}.`;
  throw new Refusal(400, "invalid_body", message, field ? { field } : {});
}

/** Counts while it reads: a length that was announced may be a lie. */
async function readText(request: Request): Promise<string> {
  const tooLarge = new Refusal(413, "body_too_large", "This is too long to send. Shorten it and send it again.");
  if (Number(request.headers.get("content-length") ?? 0) > mostBytes) throw tooLarge;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > mostBytes) throw tooLarge;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
