import { hasIndexedDB, openDatabase, requested } from "./database.js";
import { LateError, patiently } from "./idb/connection.js";

/** What is kept of an upload that is under way, so that it can go on after a reload. */
export interface KeptUpload {
  /** The component's id. */
  readonly id: string;
  readonly serverUrl: string;
  readonly apiUser: string;
  readonly fileName: string;
  readonly size: number;
  readonly lastModified: number;
  /** Digest of the file's beginning and end, to know it again by. */
  readonly print: string;
  /** Whether the component was created for the upload, and goes when that is given up. */
  readonly created: boolean;
  readonly locationId: string;
  /** Id of the ComponentLocation that ends it. */
  readonly registrationId: string;
  /** Bytes of a part. */
  readonly chunk: number;
  /** Name of the upload on the server, with the addresses of its parts: each takes one part, for some time; without them nothing could go on. None for one PUT. */
  readonly uploadId: string | undefined;
  readonly urls: readonly string[];
  /** The file itself, where it came by a handle. */
  readonly handle: FileSystemFileHandle | undefined;
}

const NAME = "ftrack-wasm uploads";

/** How long an upload waits for the database, in milliseconds. */
const PATIENCE = 2000;

/** Keeps uploads in IndexedDB. Where there is none, or it fails or does not answer, nothing is kept: uploads go on without. */
export class UploadStore {
  #database: Promise<IDBDatabase> | undefined;

  /** Keeps an upload, with none of its parts done. */
  async save(upload: KeptUpload): Promise<void> {
    await this.#within("readwrite", (uploads, parts) => {
      parts.delete(IDBKeyRange.bound([upload.id], [upload.id, []]));
      return uploads.put(upload);
    });
  }

  /** Notes that a part is done. */
  async savePart(id: string, part: number, etag: string): Promise<void> {
    await this.#within("readwrite", (_, parts) => parts.put(etag, [id, part]));
  }

  /** The uploads of a user on a server. */
  async all(serverUrl: string, apiUser: string): Promise<KeptUpload[]> {
    const kept = (await this.#within("readonly", (uploads) => uploads.getAll() as IDBRequest<KeptUpload[]>)) ?? [];
    return kept.filter((upload) => upload.serverUrl === serverUrl && upload.apiUser === apiUser);
  }

  /** The ETags of the parts that are done, by number. */
  async parts(id: string): Promise<Map<number, string>> {
    const range = IDBKeyRange.bound([id], [id, []]);
    const keys = await this.#within("readonly", (_, parts) => parts.getAllKeys(range));
    const etags = await this.#within("readonly", (_, parts) => parts.getAll(range) as IDBRequest<string[]>);
    return new Map((keys ?? []).map((key, i) => [(key as [string, number])[1], etags![i]!]));
  }

  async remove(id: string): Promise<void> {
    await this.#within("readwrite", (uploads, parts) => {
      parts.delete(IDBKeyRange.bound([id], [id, []]));
      return uploads.delete(id);
    });
  }

  /** Removes all uploads of a user on a server: those that are under way go on, but not after a reload. An error where the database does not answer. */
  async forget(serverUrl: string, apiUser: string): Promise<void> {
    await this.#asked("readonly", (uploads) => uploads.count());
    for (const { id } of await this.all(serverUrl, apiUser)) await this.remove(id);
  }

  async #within<T>(mode: IDBTransactionMode, work: (uploads: IDBObjectStore, parts: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> {
    return this.#asked(mode, work).catch(() => undefined);
  }

  /** @throws {LateError} */
  async #asked<T>(mode: IDBTransactionMode, work: (uploads: IDBObjectStore, parts: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> {
    if (!hasIndexedDB()) return undefined;
    try {
      this.#database ??= openDatabase(NAME, 1, (database) => {
        database.createObjectStore("uploads", { keyPath: "id" });
        database.createObjectStore("parts");
      });
      const transaction = (await patiently(PATIENCE, this.#database)).transaction(["uploads", "parts"], mode);
      return await patiently(PATIENCE, requested(work(transaction.objectStore("uploads"), transaction.objectStore("parts"))));
    } catch (error) {
      this.#database = undefined; // closed for another tab, perhaps: the next call opens it anew
      if (error instanceof LateError) throw error;
      return undefined;
    }
  }
}

/** The one of the page. */
export const uploadStore = new UploadStore();
