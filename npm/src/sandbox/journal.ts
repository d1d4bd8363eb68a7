/** A request that changed the sandbox, with what it took for the time and for chance: done again, it does the same. */
export interface Entry {
  readonly at: number;
  readonly seed: number;
  readonly method: string;
  readonly url: string;
  readonly headers: [string, string][];
  readonly body: Uint8Array<ArrayBuffer> | null;
}

/** Keeps what changed a sandbox. */
export interface Journal {
  entries(): Promise<Entry[]>;
  /** Resolves once the entry is kept for good. */
  add(entry: Entry): Promise<void>;
  close(): void;
}

const STORE = "entries";

/** A journal in IndexedDB, under a name. Another plan of production begins another journal. */
export async function openJournal(name: string, plan: string): Promise<Journal> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open(`ftrack-wasm sandbox ${name} ${plan}`, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { autoIncrement: true });
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  database.onversionchange = () => database.close();
  return {
    entries: () =>
      new Promise((resolve, reject) => {
        const reading = database.transaction(STORE).objectStore(STORE).getAll() as IDBRequest<Entry[]>;
        reading.onsuccess = () => resolve(reading.result);
        reading.onerror = () => reject(reading.error);
      }),
    add: (entry) =>
      new Promise((resolve, reject) => {
        const transaction = database.transaction(STORE, "readwrite", { durability: "strict" });
        transaction.objectStore(STORE).add(entry);
        transaction.oncomplete = () => resolve();
        transaction.onerror = transaction.onabort = () => reject(transaction.error);
      }),
    close: () => database.close(),
  };
}

/** Erases what is kept under a name, whatever the plan. */
export async function eraseJournals(name: string): Promise<void> {
  const own = `ftrack-wasm sandbox ${name} `;
  for (const { name: found } of await indexedDB.databases()) {
    if (!found?.startsWith(own)) continue;
    await new Promise<void>((resolve, reject) => {
      const deleting = indexedDB.deleteDatabase(found);
      deleting.onsuccess = () => resolve();
      deleting.onerror = () => reject(deleting.error);
    });
  }
}
