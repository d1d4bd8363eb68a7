/**
 * A segment is what one write brought, under a number: bytes in pieces, and a head that tells what stands in them. Heads are read when
 * the database opens and are the index; bytes are read when they are asked for.
 */
export interface Head {
  /** In the order of their bytes. */
  readonly parts: readonly Part[];
  /** Where entities stand, sorted by hash; see `PLACE`. */
  readonly places: Uint32Array;
  /** Of all parts, in bytes. */
  readonly size: number;
  /** The checksums of its pieces. */
  readonly sums: readonly number[];
  /** Tells a head that is damaged. */
  readonly sum: number;
}

/** One saved reply in a segment. */
export interface Part {
  readonly key: string;
  /** When it came, in milliseconds since 1970. */
  readonly at: number;
  /** Tells it from older ones and newer ones: mostly when it came, see `ordersAfter`. */
  readonly order: number;
  readonly from: number;
  readonly size: number;
}

/** How many words stand for a place: hash (lower half, upper half), checksum of the object, offset in the segment, length. */
export const PLACE = 5;

/**
 * How large a piece of a segment is, in bytes. A piece is read as a whole: the smaller it is, the sooner a single entity is there, and the
 * fewer bytes wait for a collection. The larger, the fewer there are to be put. (Beyond 64 KiB a value is a file of its own in Chromium.)
 */
export const PIECE = 256 << 10;

/** How many pieces a segment may have; its number times this is the key of its first one. */
export const PIECES = 1 << 16;

/**
 * A checksum that tells damage, not malice. It takes a word at a time, for there are megabytes of them, in four lanes that do not wait for
 * each other.
 */
export function sumOf(bytes: Uint8Array): number {
  if ((bytes.byteOffset & 3) !== 0) return sumOf(bytes.slice());
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2);
  let a = bytes.byteLength ^ 0x9e3779b9;
  let b = 0x85ebca6b;
  let c = 0xc2b2ae35;
  let d = 0x27d4eb2f;
  let at = 0;
  for (const end = words.length - 3; at < end; at += 4) {
    a = Math.imul((a << 13) | (a >>> 19), 0x9e3779b1) ^ words[at]!;
    b = Math.imul((b << 13) | (b >>> 19), 0x9e3779b1) ^ words[at + 1]!;
    c = Math.imul((c << 13) | (c >>> 19), 0x9e3779b1) ^ words[at + 2]!;
    d = Math.imul((d << 13) | (d >>> 19), 0x9e3779b1) ^ words[at + 3]!;
  }
  for (at <<= 2; at < bytes.byteLength; at++) a = Math.imul((a << 13) | (a >>> 19), 0x9e3779b1) ^ bytes[at]!;
  let sum = a;
  for (const lane of [b, c, d]) sum = Math.imul((sum << 13) | (sum >>> 19), 0x9e3779b1) ^ lane;
  return (Math.imul(sum ^ (sum >>> 15), 0x85ebca77) ^ (sum >>> 13)) >>> 0;
}

const encoder = new TextEncoder();

/** A head with its checksum. */
export function sealed(head: Omit<Head, "sum">): Head {
  return { ...head, sum: sumOfHead(head) };
}

function sumOfHead({ parts, places, size, sums }: Omit<Head, "sum">): number {
  const told = encoder.encode(JSON.stringify([parts.map(({ key, at, order, from, size }) => [key, at, order, from, size]), size, sums]));
  return (Math.imul(sumOf(told), 31) ^ sumOf(bytesOf(places))) >>> 0;
}

function bytesOf(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

/** Whether what a database gave is a head, and whole. */
export function isHead(value: unknown): value is Head {
  const head = value as Partial<Head> | null | undefined;
  if (typeof head !== "object" || head === null || !Array.isArray(head.parts) || !(head.places instanceof Uint32Array) || !Array.isArray(head.sums)) return false;
  if (typeof head.size !== "number") return false;
  try {
    return head.sum === sumOfHead(head as Head);
  } catch {
    return false; // its parts are none
  }
}

/** Copies bytes into pieces as they are stored: each is all of its buffer, of which the browser would take more. */
export function cut(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: piecesOf(bytes.length) }, (_, i) => bytes.slice(i * PIECE, (i + 1) * PIECE));
}

/** The bytes that pieces make. One alone is not copied. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0]!;
  const whole = new Uint8Array(pieces.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Whether what a database gave is the piece that was stored. */
export function isPiece(piece: unknown, size: number, sum: number): piece is Uint8Array {
  return piece instanceof Uint8Array && piece.length === size && sumOf(piece) === sum;
}

/** How many pieces bytes take. */
export function piecesOf(size: number): number {
  return Math.ceil(size / PIECE);
}

/** The keys of all pieces of a segment. */
export function pieceRange(number: number): IDBKeyRange {
  return IDBKeyRange.bound(number * PIECES, (number + 1) * PIECES, false, true);
}

/** Goes over the pairs of places in two sorted lists that have the same hash. */
export function eachPair(a: Uint32Array, b: Uint32Array, visit: (i: number, j: number) => void): void {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const order = compare(a, i, b, j);
    if (order < 0) i = a.length > 16 * b.length ? seek(a, i, b, j) : i + PLACE;
    else if (order > 0) j = b.length > 16 * a.length ? seek(b, j, a, i) : j + PLACE;
    else {
      for (let k = j; k < b.length && compare(a, i, b, k) === 0; k += PLACE) visit(i, k);
      i += PLACE;
    }
  }
}

function compare(a: Uint32Array, i: number, b: Uint32Array, j: number): number {
  return a[i + 1]! - b[j + 1]! || a[i]! - b[j]!;
}

/** The first place from `i` on whose hash is not below that of another one. */
function seek(a: Uint32Array, i: number, b: Uint32Array, j: number): number {
  let low = i / PLACE;
  let high = a.length / PLACE;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(a, middle * PLACE, b, j) < 0) low = middle + 1;
    else high = middle;
  }
  return low * PLACE;
}
