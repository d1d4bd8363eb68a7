import { callListener, throwUncaught } from "./listener.js";
import { call, checkArgument, isObject, signal } from "./arguments.js";
import type { Checks } from "./arguments.js";
import type { Entity } from "./entity.js";
import { LocationError } from "./location-errors.js";
import { base64, md5Of } from "./md5.js";
import { nameObjects } from "./object-name.js";
import { UPLOAD_RETRY, retried } from "./retry.js";
import type { RetryPolicy } from "./retry.js";
import { isPassing, putToStorage } from "./storage-put.js";
import type { Transfers } from "./transfers.js";
import { InvalidArgumentError, ServerError } from "./errors.js";
import type { TransferProgress } from "./accessor.js";
import { sendParts } from "./upload-parts.js";
import { planUpload } from "./upload-plan.js";
import type { UploadPlan } from "./upload-plan.js";
import type { UploadServer } from "./upload-server.js";
import { uploadStore } from "./upload-store.js";
import type { KeptUpload } from "./upload-store.js";

/** What an upload is doing. `paused` waits for `resume`; the last three are ends. */
export type UploadState = "running" | "paused" | "done" | "failed" | "aborted";

/** How an upload goes about it. */
export interface UploadOptions {
  /** Is told how many bytes have left. What is sent again counts again from where it began. */
  onProgress?: ((progress: TransferProgress) => void) | undefined;
  /** Ends the upload as `abort` does. */
  signal?: AbortSignal | undefined;
  /** How many parts are sent at once at most; 4 by default. It begins with one; a fast network needs no more. */
  connections?: number | undefined;
  /** How parts and requests that fail are tried again. */
  retry?: Partial<RetryPolicy> | undefined;
}

export const UPLOAD_OPTIONS: Checks<UploadOptions> = {
  onProgress: call,
  signal,
  connections: ["a whole number above 0", (value: unknown) => Number.isInteger(value) && Number(value) > 0],
  retry: ["an object of what is to be otherwise", isObject],
};

/** The addresses that an upload goes to. */
interface Addresses {
  readonly uploadId: string | undefined;
  readonly urls: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
}

/** How often expired addresses are asked for anew. */
const RENEWALS = 3;
/** How many parts are sent at once where nothing else is said. */
const CONNECTIONS = 4;
const PAUSED = Symbol("paused");

/** The file that goes up, and what it becomes. */
export interface UploadFile {
  readonly blob: Blob;
  readonly fileName: string;
  readonly handle?: FileSystemFileHandle | undefined;
}

/** An upload that is under way. */
export class Upload {
  /** Id of the component. */
  readonly componentId: string;
  readonly fileName: string;
  /** In bytes. */
  readonly size: number;
  /** Gives the component once its bytes are stored and registered. Rejects when the upload fails or is aborted: nothing is left on the server then, or a `LocationError` names it. */
  readonly done: Promise<Entity | null>;

  readonly #server: UploadServer;
  readonly #transfers: Transfers;
  readonly #file: UploadFile;
  readonly #plan: UploadPlan;
  readonly #options: UploadOptions;
  readonly #retry: RetryPolicy;
  readonly #abort = new AbortController();
  readonly #sent: number[] = [];
  readonly #etags: Map<number, string>;
  readonly #listeners = new Set<() => void>();
  #attempt = new AbortController();
  #waiting: { promise: Promise<void>; release: () => void } | undefined;
  #state: UploadState = "running";
  #onProgress: UploadOptions["onProgress"];
  #kept: KeptUpload | undefined;

  static {
    nameObjects(this, "Upload");
  }

  /** @internal `kept` and `etags` are of an upload that goes on. */
  constructor(server: UploadServer, transfers: Transfers, file: UploadFile, options: UploadOptions = {}, kept?: KeptUpload, etags?: Map<number, string>) {
    this.#server = server;
    this.#transfers = transfers;
    this.#file = file;
    this.#options = options;
    this.#onProgress = options.onProgress;
    this.#retry = { ...UPLOAD_RETRY, ...options.retry };
    this.#kept = kept;
    this.#etags = etags ?? new Map<number, string>();
    this.componentId = server.componentId;
    this.fileName = file.fileName;
    this.size = file.blob.size;
    this.#plan = kept ? { chunk: kept.chunk, parts: Math.max(kept.urls.length, 1) } : planUpload(this.size);
    for (const part of this.#etags.keys()) this.#sent[part] = this.#part(part).size;
    const { signal } = options;
    const onAbort = (): void => this.abort(signal!.reason);
    if (signal?.aborted) onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    this.done = holding(this.componentId, () => this.#run()).finally(() => signal?.removeEventListener("abort", onAbort));
    this.done.catch(() => undefined);
  }

  get state(): UploadState {
    return this.#state;
  }

  /** Bytes that have left so far. */
  get loaded(): number {
    return Math.min(this.#sent.reduce((sum, bytes) => sum + bytes, 0), this.size);
  }

  /** Stops sending until `resume`. Parts that are half sent begin again then. */
  pause(): void {
    if (this.#state !== "running") return;
    let release = (): void => undefined;
    this.#waiting = { promise: new Promise((resolve) => (release = resolve)), release: () => release() };
    this.#attempt.abort(PAUSED);
    this.#set("paused");
  }

  /** Goes on after `pause`. */
  resume(): void {
    if (this.#state !== "paused") return;
    this.#attempt = new AbortController();
    this.#set("running");
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.release();
  }

  /** Gives the upload up: `done` rejects with the reason once what it left on the server is removed. */
  abort(reason: unknown = new DOMException("the upload was aborted", "AbortError")): void {
    if (this.#state !== "running" && this.#state !== "paused") return;
    this.#abort.abort(reason);
    this.#attempt.abort(reason);
    this.#waiting?.release();
  }

  /** Calls the listener after each change of state or progress. @returns the function that ends it. */
  subscribe(listener: () => void): () => void {
    checkArgument("subscribe", "listener", listener, call);
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async #run(): Promise<Entity | null> {
    try {
      const component = await this.#send();
      await uploadStore.remove(this.componentId);
      this.#set("done");
      return component;
    } catch (error) {
      const { signal } = this.#abort;
      this.#set(signal.aborted ? "aborted" : "failed");
      const cause = signal.aborted ? (signal.reason as unknown) : await this.#causeOf(error);
      await this.#cleanUp(cause);
      throw cause;
    }
  }

  /** What a failure comes from: browsers say of a file that is gone no more than that the network failed. */
  async #causeOf(error: unknown): Promise<unknown> {
    if (await isReadable(this.#file.blob)) return error;
    return new InvalidArgumentError(`upload: the file ${JSON.stringify(this.fileName)} cannot be read any more: it was changed or removed`, { cause: error });
  }

  /** Removes what stands on the server; what cannot be removed stays on record, for a later visit. */
  async #cleanUp(cause: unknown): Promise<void> {
    try {
      await this.#server.discard();
    } catch (error) {
      const left = { [this.componentId]: this.componentId };
      throw new LocationError(`upload: ${String(cause)}; the component ${this.componentId} is left on the server: ${String(error)}`, { cause, left });
    }
    await uploadStore.remove(this.componentId);
  }

  async #send(): Promise<Entity | null> {
    for (let renewals = 0; ; renewals++) {
      const addresses = await this.#addresses();
      try {
        await this.#parts(addresses);
      } catch (error) {
        if (renewals >= RENEWALS || !isExpired(error) || this.#abort.signal.aborted) throw error;
        this.#kept = undefined;
        this.#etags.clear();
        this.#sent.length = 0;
        continue;
      }
      const parts = addresses.uploadId === undefined ? undefined : [...this.#etags].sort(([a], [b]) => a - b);
      return await this.#steadily(() => this.#server.complete(addresses.uploadId, parts));
    }
  }

  /** Where the bytes go: what is kept, or what the server gives now. */
  async #addresses(): Promise<Addresses> {
    const kept = this.#kept;
    if (kept?.uploadId !== undefined) return { uploadId: kept.uploadId, urls: kept.urls, headers: {} };
    const { blob, fileName, handle } = this.#file;
    const single = this.#plan.parts === 1;
    const checksum = single ? base64(await this.#alive(md5Of(blob, this.#abort.signal))) : undefined;
    const addresses = await this.#steadily(() => this.#server.begin(fileName, this.size, single ? undefined : this.#plan.parts, checksum));
    const { urls, uploadId } = addresses;
    const print = await fingerprint(blob);
    this.#kept = { ...this.#server.described, fileName, size: this.size, lastModified: (blob as Partial<File>).lastModified ?? 0, print, chunk: this.#plan.chunk, uploadId, urls: uploadId === undefined ? [] : urls, handle };
    await uploadStore.save(this.#kept);
    return addresses;
  }

  async #parts({ urls, headers }: Addresses): Promise<void> {
    const missing = urls.map((_, part) => part).filter((part) => !this.#etags.has(part));
    await sendParts(missing, this.#options.connections ?? CONNECTIONS, async (part, failed) => {
      const etag = await this.#steadily((signal) => this.#put(part, urls[part]!, headers, AbortSignal.any([signal, failed])));
      this.#etags.set(part, etag);
      if (urls.length > 1) void uploadStore.savePart(this.componentId, part, etag);
    });
  }

  #put(part: number, url: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<string> {
    const onSent = (bytes: number): void => {
      this.#sent[part] = bytes;
      this.#tell();
    };
    return putToStorage(this.#transfers, { url, headers, body: this.#part(part), signal, onSent });
  }

  #part(part: number): Blob {
    const { blob } = this.#file;
    return this.#plan.parts === 1 ? blob : blob.slice(part * this.#plan.chunk, (part + 1) * this.#plan.chunk);
  }

  /** Does a step until it succeeds or fails for good, and over again after a pause. */
  async #steadily<T>(step: (signal: AbortSignal) => Promise<T>): Promise<T> {
    for (;;) {
      await this.#waiting?.promise;
      this.#abort.signal.throwIfAborted();
      const { signal } = this.#attempt;
      try {
        return await retried(() => step(signal), async (error) => isPassing(error) && (await isReadable(this.#file.blob)), signal, this.#retry);
      } catch (error) {
        if (error !== PAUSED || this.#abort.signal.aborted) throw error;
      }
    }
  }

  async #alive<T>(work: Promise<T>): Promise<T> {
    const result = await work;
    this.#abort.signal.throwIfAborted();
    return result;
  }

  #set(state: UploadState): void {
    this.#state = state;
    this.#tell();
  }

  /** What is thrown must reach no request: one of the browser would never end, and what is stored would count as failed. */
  #tell(): void {
    try {
      this.#onProgress?.({ loaded: this.loaded, total: this.size });
    } catch (error) {
      this.#onProgress = undefined;
      if (this.#state === "done") throwUncaught(error);
      else this.abort(error);
    }
    for (const listener of [...this.#listeners]) callListener(listener);
  }
}

async function isReadable(blob: Blob): Promise<boolean> {
  try {
    await blob.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

/** Whether the address of a part is good no more. */
function isExpired(error: unknown): boolean {
  return error instanceof ServerError && [401, 403, 404, 410].includes(error.status ?? 0);
}

/** How much of a file's beginning and end tells it from others. */
const PRINT = 64 << 10;

/** A digest to know a file again by. */
export async function fingerprint(blob: Blob): Promise<string> {
  return base64(await md5Of(new Blob([blob.slice(0, PRINT), blob.slice(Math.max(blob.size - PRINT, 0))])));
}

const held = new Set<string>();

/** Runs an upload, seen by other tabs as under way. */
async function holding<T>(id: string, work: () => Promise<T>): Promise<T> {
  held.add(id);
  try {
    let begun = false;
    const begin = (): Promise<T> => {
      begun = true;
      return work();
    };
    try {
      const locks = lockManager();
      return await (locks ? (locks.request(lockName(id), begin)) : begin());
    } catch (error) {
      if (begun) throw error;
      return await work(); // locks are refused, as in a frame without an origin
    }
  } finally {
    held.delete(id);
  }
}

/** Whether an upload is under way, here or in another tab. */
export async function isUnderWay(id: string): Promise<boolean> {
  if (held.has(id)) return true;
  const locks = await lockManager()?.query().catch(() => undefined);
  return locks?.held?.some(({ name }) => name === lockName(id)) ?? false;
}

function lockManager(): LockManager | undefined {
  return typeof navigator === "object" ? (navigator as { locks?: LockManager }).locks : undefined;
}

function lockName(id: string): string {
  return `ftrack-wasm upload ${id}`;
}
