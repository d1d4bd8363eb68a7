import { openDatabase, requested } from "./database.js";
import type { SchemaStore, StoredSchemas } from "./schema-store.js";

interface Row extends StoredSchemas {
  /** Tells a text that is damaged. */
  readonly sum: number;
}

/** Schemas in IndexedDB, in a database of their own; one object per server. */
export function schemaDatabase(name = "ftrack-wasm schemas"): SchemaStore {
  const open = (): Promise<IDBDatabase> => openDatabase(name, 1, (database) => void database.createObjectStore("schemas"));
  return {
    async load(serverUrl) {
      const database = await open();
      try {
        const row = (await requested(database.transaction("schemas").objectStore("schemas").get(serverUrl))) as Partial<Row> | undefined;
        if (typeof row?.hash !== "string" || typeof row.text !== "string" || row.sum !== sumOf(row.text)) return undefined;
        return { hash: row.hash, text: row.text };
      } finally {
        database.close();
      }
    },
    async save(serverUrl, { hash, text }) {
      const database = await open();
      try {
        const transaction = database.transaction("schemas", "readwrite");
        const row: Row = { hash, text, sum: sumOf(text) };
        transaction.objectStore("schemas").put(row, serverUrl);
        await new Promise<void>((resolve, reject) => {
          transaction.oncomplete = () => resolve();
          transaction.onabort = () => reject(transaction.error ?? new Error("the transaction was aborted"));
        });
      } finally {
        database.close();
      }
    },
  };
}

/** FNV-1a of a text, 32 bits. Pages without TLS have no `crypto.subtle`. */
export function sumOf(text: string): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
  return sum >>> 0;
}
