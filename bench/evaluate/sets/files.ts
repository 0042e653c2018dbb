import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { Problem } from "../problem.ts";

/** The text of a data file; a missing one is named together with the flag that says where to look. */
export async function readText(path: string, cure = "Say where the data is with --data DIR."): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new Problem(`Cannot read ${path} (${why}). ${cure}`);
  }
}

/** One value a line; a line that is cut off or of another shape is named by its number. */
export async function readLines<T>(path: string, schema: z.ZodType<T>, cure?: string): Promise<T[]> {
  const lines = (await readText(path, cure)).split("\n");
  const values: T[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    values.push(parsed(`${path}, line ${index + 1}`, line, schema));
  }
  if (values.length === 0) throw new Problem(`${path} holds no items.`);
  return values;
}

export async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  return parsed(path, await readText(path), schema);
}

function parsed<T>(where: string, text: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    // trim takes a byte order mark away, too.
    value = JSON.parse(text.trim());
  } catch {
    throw new Problem(`${where}: not whole JSON; the file may be truncated.`);
  }
  const result = schema.safeParse(value);
  if (!result.success) throw new Problem(`${where}: ${z.prettifyError(result.error)}`);
  return result.data;
}

export const inData = (data: string, ...parts: string[]) => join(data, ...parts);
