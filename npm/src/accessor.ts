import { call, signal, text } from "./arguments.js";
import type { Checks } from "./arguments.js";
import { InvalidArgumentError } from "./errors.js";

/** What stands at an identifier, as far as that is known without reading it. */
export interface ResourceInfo {
  readonly kind: "nothing" | "file" | "container";
  /** Bytes of a file; 0 otherwise. */
  readonly size: number;
}

/** How far a transfer is, in bytes. */
export interface TransferProgress {
  readonly loaded: number;
  readonly total: number;
}

/** What transfers take. */
export interface TransferOptions {
  /** Is told how far the transfer is. */
  onProgress?: ((progress: TransferProgress) => void) | undefined;
  /** Ends the transfer: it rejects with the signal's reason, and nothing is left of it. */
  signal?: AbortSignal | undefined;
  /** What the file is called where it comes from; accessors that keep no names of their own pass it on. */
  fileName?: string | undefined;
}

export const TRANSFER_OPTIONS: Checks<TransferOptions> = { onProgress: call, signal, fileName: text };

/**
 * Reaches the storage of a location. Identifiers are names with slashes between, below the accessor's root, and `""` is the root;
 * each method refuses what `splitIdentifier` refuses. Errors are `AccessorError`s.
 */
export interface Accessor {
  /** What is there. That nothing is there is no error. */
  stat(identifier: string, options?: { signal?: AbortSignal | undefined }): Promise<ResourceInfo>;
  /** A file, as a Blob; its bytes are fetched or read when they are needed where the storage can do that. */
  read(identifier: string, options?: TransferOptions): Promise<Blob>;
  /** A file, as a stream of its bytes. */
  stream(identifier: string, options?: TransferOptions): Promise<ReadableStream<Uint8Array>>;
  /** Makes a file in place of what was there, and the containers it stands in. When it fails nothing is left of it. */
  write(identifier: string, data: Blob | ReadableStream<Uint8Array>, options?: TransferOptions): Promise<void>;
  /** Takes a file or an empty container away. The root stays. */
  remove(identifier: string): Promise<void>;
  /** The identifiers of what stands in a container, sorted; where the storage tells. */
  list?(identifier: string): Promise<string[]>;
  /** Makes a container; unless `recursive`, what it stands in must be there. That it is there already is no error. */
  makeContainer?(identifier: string, options?: { recursive?: boolean }): Promise<void>;
  /** Where a resource stands in a file system, or would. */
  filesystemPath?(identifier: string): string;
  /** The address of a resource. */
  url?(identifier: string): string;
}

/** How much of a Blob is handed on at once. */
const PIECE = 8 << 20;

/** Passes data on piece by piece, with progress; ends with the signal's reason. Gives the number of bytes. */
export async function copyTo(
  sink: (piece: Blob | Uint8Array) => Promise<unknown>,
  data: Blob | ReadableStream<Uint8Array>,
  { onProgress, signal }: TransferOptions = {},
): Promise<number> {
  signal?.throwIfAborted();
  let loaded = 0;
  const told = (bytes: number): void => {
    loaded += bytes;
    onProgress?.({ loaded, total: data instanceof Blob ? data.size : loaded });
    signal?.throwIfAborted();
  };
  if (data instanceof Blob) {
    for (let at = 0; at < data.size; at += PIECE) {
      const piece = data.slice(at, at + PIECE);
      await sink(piece);
      told(piece.size);
    }
    return loaded;
  }
  if (!(data instanceof ReadableStream)) throw new InvalidArgumentError("write: the data must be a Blob or a ReadableStream");
  checkUnread(data);
  const reader = data.getReader();
  const cancel = (): void => void reader.cancel(signal?.reason).catch(() => undefined);
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      await sink(next.value);
      told(next.value.length);
    }
    signal?.throwIfAborted();
    return loaded;
  } catch (error) {
    await reader.cancel(error).catch(() => undefined);
    throw error;
  } finally {
    signal?.removeEventListener("abort", cancel);
    reader.releaseLock();
  }
}

/** Refuses a stream that something has read or reads: its data, or what was before, would be missing without a word. Only a Response can tell. */
function checkUnread(stream: ReadableStream): void {
  try {
    new Response(stream);
  } catch (cause) {
    throw new InvalidArgumentError("the stream was read already, or something else reads it: give one that nobody has read from", { cause });
  }
}

/** The whole of some data as a Blob. Browsers keep large ones on the disk. */
export async function blobOf(data: Blob | ReadableStream<Uint8Array>, signal?: AbortSignal): Promise<Blob> {
  if (data instanceof Blob) return data;
  const pieces: BlobPart[] = [];
  const keep = (piece: Blob | Uint8Array): Promise<unknown> => Promise.resolve(pieces.push(new Blob([piece as BlobPart])));
  await copyTo(keep, data, { signal });
  return new Blob(pieces);
}
