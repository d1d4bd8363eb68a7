import { openDatabase, requested } from "../database.js";

/** The version of the form in which things are kept. Another one starts afresh. */
const FORMAT = 5;

/** What stands in a database. */
export const STORES = ["meta", "heads", "pieces", "uses"] as const;

/** Opens a database of replies. What was kept in another form is dropped, be it older or newer. */
export async function openReplies(name: string): Promise<IDBDatabase> {
  try {
    return await openDatabase(name, FORMAT, prepare);
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== "VersionError") throw error;
    await deleteDatabase(name); // a newer version of the package was here
    return openDatabase(name, FORMAT, prepare);
  }
}

function prepare(database: IDBDatabase): void {
  for (const name of [...database.objectStoreNames]) database.deleteObjectStore(name);
  for (const name of STORES) database.createObjectStore(name);
}

/** Deletes a database. Sessions that have it open make way; an Error when somebody does not. */
export function deleteDatabase(name: string): Promise<void> {
  const deleting = indexedDB.deleteDatabase(name);
  return new Promise((resolve, reject) => {
    deleting.onblocked = () => reject(new Error(`another tab holds the database "${name}" and does not let it go`));
    requested(deleting).then(() => resolve(), reject);
  });
}

/** Waits until a transaction has ended well. */
export function completion(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error("the transaction was aborted"));
  });
}

/**
 * Runs requests in one transaction that writes, all or none. `work` must wait for nothing but its requests. Who reads of the stores waits
 * for its end. `relaxed`: it has ended when the operating system has what was written, which outlives a browser that is killed; the disk need
 * not have it.
 */
export async function writing<T>(database: IDBDatabase, work: (transaction: IDBTransaction) => Promise<T>, stores: readonly (typeof STORES)[number][] = STORES): Promise<T> {
  const transaction = database.transaction(stores, "readwrite", { durability: "relaxed" });
  const finished = completion(transaction);
  try {
    const result = await work(transaction);
    transaction.commit?.(); // what a page leaves behind that closes now
    await finished;
    return result;
  } catch (error) {
    finished.catch(() => undefined);
    const reason = transaction.error ?? error;
    try {
      transaction.abort();
    } catch {
      // It has ended already.
    }
    throw reason;
  }
}

/** What `patiently` waited for did not come. */
export class LateError extends Error {}

/** Waits, but not for ever. */
export async function patiently<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LateError(`no answer within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

export function isQuota(error: unknown): boolean {
  return error instanceof DOMException && error.name === "QuotaExceededError";
}
