import type { KeptStatistics, NewsListener } from "./idb/reply-database.js";

/** Keeps what the server sent. It gives back whole what it was given, or nothing, and reports its own problems. */
export interface ReplyStore {
  /** What was saved last under a key. */
  load(key: string): Promise<KeptReply | undefined>;
  /**
   * What is kept of one entity and came within a span of time: a JSON array of objects with its type and key in them, the newest
   * first, each with some of its attributes. `undefined` for nothing, and for one that is known to be deleted.
   */
  entity(identity: EntityIdentity, within: Span): Promise<Uint8Array | undefined>;
  /** Copies the bytes, and writes them when it can. */
  save(saved: SavedReply): void;
}

/** A store with a life of its own: opened before a session, and closed after it. Nothing of it fails or hangs. */
export interface KeptStore extends ReplyStore {
  /** Opens it; the hash of the schemas that something is kept with. */
  open(): Promise<string | undefined>;
  /** Has what comes be kept with these schemas. */
  stamp(hash: string): void;
  /** Waits until what was saved is written; false when something could not be. */
  written(): Promise<boolean>;
  statistics(): Promise<KeptStatistics>;
  /** Drops what is kept. */
  clear(): Promise<void>;
  /** Drops what is kept, for good. */
  erase(): Promise<void>;
  close(): Promise<void>;
  /** Hears what other tabs keep. */
  listener: NewsListener | undefined;
}

/** Names an entity. */
export interface EntityIdentity {
  /** The concrete type, or one above it. */
  readonly type: string;
  readonly key: readonly string[];
  /** The lower and the upper half of what tells it from others, the same whichever type it is named by. */
  readonly hash: readonly [number, number];
}

/** A time from one moment to another, milliseconds since 1970; `undefined` is all time. */
export type Span = { readonly from: number; readonly to: number } | undefined;

/** Something to be kept. */
export interface SavedReply {
  /** A text of any length; "" for what is only looked for by the entities in it. */
  readonly key: string;
  /** JSON: the reply to a query, or an array of entities. They are somebody else's again when `save` returns. */
  readonly bytes: Uint8Array;
  /** When it came, in milliseconds since 1970. */
  readonly at: number;
  /**
   * The entities in it, those that are gone included, sorted by hash, five words for each: the hash (lower half, upper half), a checksum of
   * its object, the object's offset and length in the bytes. Those that are gone have the length 0.
   */
  readonly places: Uint32Array;
  /** The entities that were deleted on the server: type and key. */
  readonly gone: readonly (readonly [type: string, key: readonly string[]])[];
}

/** A reply that was saved. */
export interface KeptReply {
  /** Its bytes, in order. They may be others' too: nobody writes there. */
  readonly pieces: readonly Uint8Array[];
  readonly at: number;
  /** A JSON array of what came later of the entities in it, the newest first. */
  readonly newer?: Uint8Array | undefined;
  /** The offsets of entities in it that have been deleted since. */
  readonly gone?: Uint32Array | undefined;
}
