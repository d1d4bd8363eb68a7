/** A database that is made to be deleted. */
const NAME = "ftrack-wasm log";

let renewed = false;

/**
 * Has Chromium put the databases of this origin on a new log, once for each page. It keeps them in LevelDB, and a browser that is killed can
 * leave LevelDB's log ending in the middle of a record. The next browser goes on behind it, if only to note that a database was opened, and
 * the one after that takes the log for damaged and deletes everything (github.com/google/leveldb/issues/1287). When a database is deleted,
 * what the log holds goes into tables, and a new log begins: the broken one is gone before anybody reads it again. Nobody waits for it, and
 * nobody fails with it.
 */
export function renewLog(): void {
  if (renewed || !/Chrom(e|ium)\//.test(globalThis.navigator?.userAgent ?? "")) return;
  renewed = true;
  const opening = indexedDB.open(NAME, 1);
  opening.onsuccess = () => {
    const database = opening.result;
    database.onversionchange = () => database.close(); // another tab is at it
    database.close();
    indexedDB.deleteDatabase(NAME);
  };
}
