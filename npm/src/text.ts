/** Longer texts are cheaper by TextDecoder, whose price per call is that of about this many characters. */
const LOOP_LIMIT = 64;

/** Ids are 36 characters long, and half of all texts are ids. */
const ID_LENGTH = 36;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const { fromCharCode } = String;

/**
 * Decodes ASCII bytes. Each way makes a flat string: pieces joined one by one would be a tree, dearer to keep and to
 * flatten than it was to make.
 */
export function decodeAscii(bytes: Uint8Array, ptr: number, length: number): string {
  if (length === ID_LENGTH) return decodeId(bytes, ptr);
  if (length <= 12) return decodeShort(bytes, ptr, ptr + length);
  const part = bytes.subarray(ptr, ptr + length);
  return length <= LOOP_LIMIT ? (Reflect.apply(fromCharCode, null, part) as string) : decoder.decode(part);
}

/** Decodes UTF-8 bytes; what is no UTF-8 becomes U+FFFD. */
export function decodeUtf8(bytes: Uint8Array, ptr: number, length: number): string {
  return decoder.decode(bytes.subarray(ptr, ptr + length));
}

/** Texts of up to 12 characters: the engine joins these by copying. */
function decodeShort(b: Uint8Array, ptr: number, end: number): string {
  let text = "";
  let at = ptr;
  for (; at + 4 <= end; at += 4) text += fromCharCode(b[at]!, b[at + 1]!, b[at + 2]!, b[at + 3]!);
  for (; at < end; at++) text += fromCharCode(b[at]!);
  return text;
}

// prettier-ignore
function decodeId(b: Uint8Array, p: number): string {
  return fromCharCode(
    b[p]!, b[p + 1]!, b[p + 2]!, b[p + 3]!, b[p + 4]!, b[p + 5]!, b[p + 6]!, b[p + 7]!, b[p + 8]!, b[p + 9]!, b[p + 10]!, b[p + 11]!,
    b[p + 12]!, b[p + 13]!, b[p + 14]!, b[p + 15]!, b[p + 16]!, b[p + 17]!, b[p + 18]!, b[p + 19]!, b[p + 20]!, b[p + 21]!, b[p + 22]!, b[p + 23]!,
    b[p + 24]!, b[p + 25]!, b[p + 26]!, b[p + 27]!, b[p + 28]!, b[p + 29]!, b[p + 30]!, b[p + 31]!, b[p + 32]!, b[p + 33]!, b[p + 34]!, b[p + 35]!,
  );
}
