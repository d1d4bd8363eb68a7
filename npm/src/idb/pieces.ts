import { requested } from "../database.js";
import type { Segment } from "./catalog.js";
import { PIECE, PIECES, isPiece } from "./segment.js";

/** How many pieces are at hand: those that were read last. */
const AT_HAND = 6;

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
   * Some bytes of a segment.
   * @throws {DamagedError} {@link GoneError}
   */
  async read(database: IDBDatabase, segment: Segment, from: number, size: number): Promise<Uint8Array> {
    const first = Math.floor(from / PIECE);
    const last = Math.floor((from + size - 1) / PIECE);
    const wanted: Promise<Uint8Array>[] = [];
    for (let index = first; index <= last; index++) wanted.push(this.#piece(database, segment, index));
    const pieces = await Promise.all(wanted);
    if (pieces.length === 1) return pieces[0]!.subarray(from - first * PIECE, from - first * PIECE + size);
    const whole = new Uint8Array(size);
    pieces.forEach((piece, i) => {
      const start = (first + i) * PIECE - from;
      whole.set(start < 0 ? piece.subarray(-start, size - start) : piece.subarray(0, size - start), Math.max(0, start));
    });
    return whole;
  }

  /** Begins to read a segment that will be asked for soon. */
  ahead(database: IDBDatabase, segment: Segment | undefined): void {
    if (!segment || segment.head.size > PIECE) return;
    try {
      void this.#piece(database, segment, 0);
    } catch {
      // The database closes: whoever asks for the segment hears of it.
    }
  }

  forget(): void {
    this.#atHand.clear();
  }

  #piece(database: IDBDatabase, segment: Segment, index: number): Promise<Uint8Array> {
    const key = segment.number * PIECES + index;
    let piece = this.#atHand.get(key);
    if (piece) this.#atHand.delete(key); // to be the last one again
    else {
      const size = Math.min(PIECE, segment.head.size - index * PIECE);
      piece = requested(database.transaction("pieces").objectStore("pieces").get(key)).then((found: unknown) => {
        if (found === undefined) throw new GoneError(segment);
        if (!isPiece(found, size, segment.head.sums[index]!)) throw new DamagedError(segment);
        return found;
      });
      piece.catch(() => this.#atHand.delete(key));
    }
    this.#atHand.set(key, piece);
    if (this.#atHand.size > AT_HAND) this.#atHand.delete(this.#atHand.keys().next().value!);
    return piece;
  }
}

