import { renewLog } from "./database-log.js";

/** Whether the page has IndexedDB. Where a browser keeps a page from all storage, as with cookies blocked, even to ask is an error. */
export function hasIndexedDB(): boolean {
  try {
    return typeof indexedDB === "object" && indexedDB !== null;
  } catch {
    return false;
  }
}

/**
 * Opens a database of IndexedDB. It makes way at once when another tab wants to upgrade or delete it.
 *
 * @throws what IndexedDB says; an Error when another tab, of an older version of the package, keeps it from being upgraded
 */
export function openDatabase(name: string, version: number, upgrade: (database: IDBDatabase) => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name, version);
    let refused = false;
    opening.onupgradeneeded = () => {
      if (!refused) upgrade(opening.result);
    };
    opening.onblocked = () => {
      refused = true;
      reject(new Error(`another tab holds the database "${name}" in an older version: close or reload it`));
    };
    opening.onerror = () => reject(opening.error ?? new Error(`the database "${name}" could not be opened`));
    opening.onsuccess = () => {
      const database = opening.result;
      if (refused) {
        database.close(); // the other tab has gone meanwhile, and nobody waits any more
        return;
      }
      database.onversionchange = () => database.close();
      resolve(database);
      setTimeout(renewLog); // who waits for the database reads first
    };
  });
}

/** The result of a request. */
export function requested<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the request failed"));
  });
}
