import { hasIndexedDB } from "./database.js";
import { schemaDatabase } from "./schema-database.js";
import { schemaFolder } from "./schema-folder.js";

/** The schemas of a server as it sent them, with the hash that it gave for them. */
export interface StoredSchemas {
  readonly hash: string;
  /** JSON, an array. */
  readonly text: string;
}

/** Keeps the schemas of servers between sessions. Both may reject. */
export interface SchemaStore {
  /** What was kept for a server; `undefined` for nothing, and for what is damaged. */
  load(serverUrl: string): Promise<StoredSchemas | undefined>;
  save(serverUrl: string, schemas: StoredSchemas): Promise<void>;
}

/** Where warnings go; `console` fits. */
export interface Logger {
  warn(message: string): void;
}

/**
 * How long a session waits for schemas that were kept, in milliseconds, before it asks the server for them. A thread that was busy
 * that long gets as much of a second chance as an answer that waits needs.
 */
const PATIENCE = 1000;
const SECOND_CHANCE = 100;

/**
 * The store for the option `schemaCachePath`: none for `false`; in browsers a database, in Node a folder, which a text names. A
 * store that fails or hangs fails no session: it is reported once, and there is none then.
 */
export class SchemaCache {
  readonly #store: SchemaStore | undefined;
  readonly #logger: Logger;
  #reported = false;

  constructor(path: string | false | undefined, env: Readonly<Record<string, string | undefined>>, logger: Logger) {
    this.#logger = logger;
    if (path === false) return;
    if (hasIndexedDB()) this.#store = schemaDatabase(path);
    else if (typeof process === "object" && typeof process.versions?.node === "string") this.#store = schemaFolder(path ?? env.FTRACK_API_SCHEMA_CACHE_PATH);
  }

  async load(serverUrl: string): Promise<StoredSchemas | undefined> {
    if (!this.#store) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<undefined>((_, reject) => {
      const expire = (): void => reject(new Error(`no answer within ${PATIENCE} ms`));
      timer = setTimeout(() => (timer = setTimeout(expire, SECOND_CHANCE)), PATIENCE);
    });
    try {
      return await Promise.race([this.#store.load(serverUrl), late]);
    } catch (error) {
      this.#report("read", error);
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Keeps schemas, behind the caller's back. */
  save(serverUrl: string, schemas: StoredSchemas): void {
    this.#store?.save(serverUrl, schemas).catch((error: unknown) => this.#report("written", error));
  }

  #report(done: string, error: unknown): void {
    if (this.#reported) return;
    this.#reported = true;
    const reason = error instanceof Error ? error.message : String(error);
    this.#logger.warn(`ftrack-wasm: the schema cache could not be ${done}, the server is asked for its schemas: ${reason}. schemaCachePath: false does without one.`);
  }
}
