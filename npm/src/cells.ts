import type { Core } from "./core.js";
import type { Attribute } from "./schema.js";

/** Of a record: how many share a chunk, as a power of two, how many words it takes, and which of them are its index, and its family and flags. */
const RECORDS = 12;
const RECORD_WORDS = 6;
const INDEX = 1;
const FAMILY_AND_FLAGS = 4;
/** What `find` gives where the core has to be asked. */
const ELSEWHERE = -1;
/** What rules the short way out: a local value, or a record that is free. */
const OUT = 0x1_8000;
const FREE = 0x8000;
/** Of a value: how many share a block, as a power of two, and how many words it takes. Its first one holds kind, inline flag and chunk. */
const BLOCK = 6;
const VALUE_WORDS = 4;
const KIND = 15;
const INLINE = 16;
const CHUNK = 5;

/**
 * Finds values in the core's memory without a call into it, which is most of what a read costs. It knows how the core lays out
 * records and values (session/store/address.go, which checks the same numbers), and asks once where they begin: none of them
 * moves while its session lives, except the bytes of longer values, whose moves are counted in a word.
 */
export class Cells {
  /** Where the bytes of the value stand that was found last; of a reference, the record. */
  ptr = 0;
  length = 0;

  readonly #core: Core;
  readonly #session: number;
  /** Word addresses of records, by chunk. */
  readonly #records: number[] = [];
  /** Byte addresses of the chunks of longer values. */
  #chunks: number[] = [];
  readonly #droppedAt: number;
  #dropped = 0;

  constructor(core: Core, session: number) {
    this.#core = core;
    this.#session = session;
    this.#droppedAt = core.exports.ftrack_dropped_at(session) >>> 2;
  }

  /** The version of a record, the same number as the core's export gives; 0 where that has to be asked. */
  version(handle: number): number {
    const core = this.#core;
    if (core.u32.length === 0) core.refresh();
    const records = this.#records[handle >> RECORDS] ?? this.#recordsOf(handle);
    if (records === 0) return 0;
    const record = records + (handle & ((1 << RECORDS) - 1)) * RECORD_WORDS;
    return (core.u32[record + FAMILY_AND_FLAGS]! & FREE) === 0 ? (core.i32[record]! + 1) | 0 : 0;
  }

  /** The kind of a value, as `ftrack_read` numbers them, or -1 where the core has to be asked. Numbers stand as text. */
  find(handle: number, attribute: Attribute): number {
    const core = this.#core;
    let words = core.u32;
    if (words.length === 0) {
      core.refresh();
      words = core.u32;
    }
    const records = this.#records[handle >> RECORDS] ?? this.#recordsOf(handle);
    if (records === 0) return ELSEWHERE;
    const record = records + (handle & ((1 << RECORDS) - 1)) * RECORD_WORDS;
    if ((words[record + FAMILY_AND_FLAGS]! & OUT) !== 0) return ELSEWHERE;
    const index = words[record + INDEX]!;
    const block = attribute.blocks[index >> BLOCK] || this.#blockOf(handle, index, attribute);
    if (block === 0) return ELSEWHERE;
    const cell = block + (index & ((1 << BLOCK) - 1)) * VALUE_WORDS;
    const head = words[cell]!;
    this.length = words[cell + 1]!;
    if ((head & INLINE) !== 0) {
      this.ptr = (cell + 2) * 4;
    } else {
      const chunk = head >>> CHUNK;
      this.ptr = chunk === 0 ? words[cell + 2]! : this.#chunkAt(words, chunk) + words[cell + 2]!;
    }
    return head & KIND;
  }

  #recordsOf(handle: number): number {
    const at = this.#core.exports.ftrack_records_at(this.#session, handle) >>> 2;
    while (this.#records.length < handle >> RECORDS) this.#records.push(0);
    if (at !== 0) this.#records[handle >> RECORDS] = at;
    return at;
  }

  #blockOf(handle: number, index: number, attribute: Attribute): number {
    const at = this.#core.exports.ftrack_block_at(this.#session, handle, attribute.slot) >>> 2;
    while (attribute.blocks.length <= index >> BLOCK) attribute.blocks.push(0);
    return (attribute.blocks[index >> BLOCK] = at);
  }

  #chunkAt(words: Uint32Array, number: number): number {
    if (words[this.#droppedAt] !== this.#dropped) {
      this.#dropped = words[this.#droppedAt]!;
      this.#chunks = [];
    }
    return this.#chunks[number] || this.#learnChunk(number);
  }

  #learnChunk(number: number): number {
    while (this.#chunks.length <= number) this.#chunks.push(0);
    return (this.#chunks[number] = this.#core.exports.ftrack_chunk_at(this.#session, number) >>> 0);
  }
}
