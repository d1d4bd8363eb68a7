import { requested } from "../database.js";
import type { Segment } from "./catalog.js";
import { PIECE, PIECES, isPiece, piecesOf } from "./segment.js";

/** How many pieces are at hand: those that were read last. */
const AT_HAND = 24;

/** How large a segment may be that is read ahead. */
const PAGE = 1 << 20;

/** Says that bytes of a segment are not what was written. */
export class DamagedError extends Error {
  constructor(readonly segment: Segment) {
    super(`segment ${segment.number} is damaged`);
  }
}

/** Says that a segment is not there any more: another tab has moved or replaced it. */
export class GoneError extends Error {
  constructor(readonly segment: Segment) {
    super(`segment ${segment.number} is gone`);
  }
}

/** Reads bytes of segments, and checks them. */
export class Pieces {
  readonly #atHand = new Map<number, Promise<Uint8Array>>();

  /**
   * Some bytes of a segment, in pieces that are others' too.
   * @throws {DamagedError} {@link GoneError}
   */
  async read(database: IDBDatabase, segment: Segment, from: number, size: number): Promise<Uint8Array[]> {
    const first = Math.floor(from / PIECE);
    const last = Math.floor((from + size - 1) / PIECE);
    const pieces = await Promise.all(this.#pieces(database, segment, first, last));
    return pieces.map((piece, i) => {
      const start = from - (first + i) * PIECE;
      return piece.subarray(Math.max(0, start), start + size);
    });
  }

  /** Begins to read a segment that will be asked for soon. */
  ahead(database: IDBDatabase, segment: Segment | undefined): void {
    if (!segment || segment.head.size > PAGE) return;
    try {
      void this.#pieces(database, segment, 0, piecesOf(segment.head.size) - 1);
    } catch {
      // The database closes: whoever asks for the segment hears of it.
    }
  }

  forget(): void {
    this.#atHand.clear();
  }

  /** Pieces of a segment that follow each other. Those that are not at hand are read with one request. */
  #pieces(database: IDBDatabase, segment: Segment, first: number, last: number): Promise<Uint8Array>[] {
    const keys = Array.from({ length: last - first + 1 }, (_, i) => segment.number * PIECES + first + i);
    const there = keys.map((key) => this.#atHand.get(key));
    const from = there.indexOf(undefined);
    const found = from < 0 ? undefined : readPieces(database, segment, first + from, first + there.lastIndexOf(undefined));
    const pieces = there.map((piece, i) => piece ?? found!.then((all) => all[i - from]!));
    pieces.forEach((piece, i) => {
      const key = keys[i]!;
      if (!there[i]) piece.catch(() => this.#atHand.delete(key));
      this.#atHand.delete(key); // to be the last one again
      this.#atHand.set(key, piece);
    });
    for (const key of this.#atHand.keys()) {
      if (this.#atHand.size <= AT_HAND) break;
      this.#atHand.delete(key);
    }
    return pieces;
  }
}

/** Reads pieces of a segment, and checks them. */
function readPieces(database: IDBDatabase, segment: Segment, first: number, last: number): Promise<Uint8Array[]> {
  const { size, sums } = segment.head;
  const base = segment.number * PIECES;
  const store = database.transaction("pieces").objectStore("pieces");
  return requested(store.getAll(IDBKeyRange.bound(base + first, base + last))).then((found: unknown[]) => {
    if (found.length !== last - first + 1) throw new GoneError(segment);
    return found.map((piece, i) => {
      const index = first + i;
      if (!isPiece(piece, Math.min(PIECE, size - index * PIECE), sums[index]!)) throw new DamagedError(segment);
      return piece;
    });
  });
}
