/** A log of LevelDB, and its manifest, is blocks of this size; records are in them, cut where a block ends. */
const BLOCK = 32768;

/** What stands before each piece of a record: a checksum, a length of two bytes, and which piece it is. */
const HEAD = 7;
const WHOLE = 1;
const FIRST = 2;
const LAST = 4;

/**
 * How a log of LevelDB, which Chromium keeps IndexedDB in, is broken; `undefined` when it is not. One that ends in the middle of a record is
 * what a kill leaves, and is well until something is written behind it: LevelDB goes on with a log that it finds (`reuse_logs`), and takes
 * it for damaged when it reads that the next time (github.com/google/leveldb/issues/1287). Chromium deletes what it takes for damaged.
 */
export function brokenLog(bytes: Uint8Array): string | undefined {
  let within = false;
  for (let at = 0; at < bytes.length; ) {
    const left = BLOCK - (at % BLOCK);
    const length = bytes[at + 4]! | (bytes[at + 5]! << 8);
    const piece = bytes[at + 6];
    if (left < HEAD || (piece === 0 && length === 0)) {
      at += left; // nothing more in this block
      continue;
    }
    if (at + HEAD + length > bytes.length || bytes.length - at < HEAD) return "ends in the middle of a record";
    if (HEAD + length > left || within === (piece === WHOLE || piece === FIRST)) return `goes on behind a record that is not whole, at ${at}`;
    within = piece !== WHOLE && piece !== LAST;
    at += HEAD + length;
  }
  return within ? "ends in the middle of a record" : undefined;
}

/** A log with the beginning of a record behind it, as it is when its writer is killed. */
export function torn(bytes: Uint8Array): Uint8Array {
  const left = BLOCK - (bytes.length % BLOCK);
  const rest = left < 2 * HEAD ? left : 0; // filled, and the record begins in the next block
  const piece = new Uint8Array(rest + HEAD + 1).fill(0xff, rest);
  piece[rest + 4] = 1000 & 0xff;
  piece[rest + 5] = 1000 >> 8;
  piece[rest + 6] = FIRST;
  const out = new Uint8Array(bytes.length + piece.length);
  out.set(bytes);
  out.set(piece, bytes.length);
  return out;
}
