import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { createInflateRaw } from "node:zlib";

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;

interface Entry {
  readonly method: number;
  readonly compressedBytes: number;
  readonly localOffset: number;
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, position);
  if (bytesRead !== length) throw new Error("the archive is cut off");
  return buffer;
}

async function findEntry(handle: FileHandle, member: string): Promise<Entry> {
  const { size } = await handle.stat();
  const tailLength = Math.min(size, 22 + 65_535);
  const tail = await readAt(handle, size - tailLength, tailLength);
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || tail.readUInt32LE(end) !== endSignature) throw new Error("not a zip archive");
  const directory = await readAt(handle, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  let at = 0;
  while (at + 46 <= directory.length && directory.readUInt32LE(at) === entrySignature) {
    const nameLength = directory.readUInt16LE(at + 28);
    const next = at + 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    if (directory.toString("utf8", at + 46, at + 46 + nameLength) === member)
      return {
        method: directory.readUInt16LE(at + 10),
        compressedBytes: directory.readUInt32LE(at + 20),
        localOffset: directory.readUInt32LE(at + 42),
      };
    at = next;
  }
  throw new Error(`the archive has no ${member}`);
}

/** Streams one member of a zip archive (stored or deflated, below 4 GiB); nothing else of it is read or run. */
export async function openZipMember(path: string, member: string): Promise<Readable> {
  const handle = await open(path);
  try {
    const entry = await findEntry(handle, member);
    const local = await readAt(handle, entry.localOffset, 30);
    if (local.readUInt32LE(0) !== localSignature) throw new Error("the archive is damaged");
    const start = entry.localOffset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
    if (entry.method !== 0 && entry.method !== 8) throw new Error(`unknown compression ${entry.method}`);
    const raw = handle.createReadStream({ start, end: start + entry.compressedBytes - 1, highWaterMark: 1 << 20 });
    if (entry.method === 0) return raw;
    const inflate = createInflateRaw({ chunkSize: 1 << 20 });
    raw.on("error", (error) => inflate.destroy(error));
    return raw.pipe(inflate);
  } catch (error) {
    await handle.close();
    throw error;
  }
}
