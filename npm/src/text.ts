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

/** Reads a whole number of up to nine digits without a sign; NaN for any other text. */
export function parseShortInteger(bytes: Uint8Array, ptr: number, length: number): number {
  if (length > 9) return NaN;
  let number = 0;
  for (let at = ptr; at < ptr + length; at++) {
    const digit = bytes[at]! - 48;
    if (digit >>> 0 > 9) return NaN;
    number = number * 10 + digit;
  }
  return number;
}

/** From this length on the engine's own parser is as fast. */
const QUOTED_LIMIT = 256;

/** What stands behind the backslash of a short escape, and what it stands for. */
const ESCAPES: Readonly<Record<number, number>> = { 34: 34, 47: 47, 92: 92, 98: 8, 102: 12, 110: 10, 114: 13, 116: 9 };

const codes: number[] = [];

/**
 * Decodes a short JSON text with its quotes: UTF-8 with escapes, as the core has checked it. Gives nothing when the text
 * is long, or when its bytes are no UTF-8: TextDecoder knows what becomes of them.
 */
export function decodeQuoted(b: Uint8Array, ptr: number, length: number): string | undefined {
  if (length > QUOTED_LIMIT) return undefined;
  codes.length = length;
  let count = 0;
  let at = ptr + 1;
  for (const end = ptr + length - 1; at < end; ) {
    let code = b[at++]!;
    if (code === 92) {
      code = b[at++]!;
      if (code === 117) {
        code = (hex(b[at]!) << 12) | (hex(b[at + 1]!) << 8) | (hex(b[at + 2]!) << 4) | hex(b[at + 3]!);
        at += 4;
      } else {
        code = ESCAPES[code]!;
      }
    } else if (code >= 0x80) {
      const second = b[at++]! ^ 0x80;
      if (code < 0xc2 || second > 0x3f) return undefined;
      if (code < 0xe0) {
        code = ((code & 0x1f) << 6) | second;
      } else {
        const third = b[at++]! ^ 0x80;
        if (code > 0xef || third > 0x3f) return undefined; // four bytes are rare: emoji
        code = ((code & 0xf) << 12) | (second << 6) | third;
        if (code < 0x800 || (code >= 0xd800 && code <= 0xdfff)) return undefined;
      }
    }
    codes[count++] = code;
  }
  if (at !== ptr + length - 1) return undefined; // the last character lacks bytes
  codes.length = count;
  return Reflect.apply<null, number[], string>(fromCharCode, null, codes);
}

function hex(digit: number): number {
  return digit <= 57 ? digit - 48 : (digit | 32) - 87;
}

/** Texts of up to 12 characters, half of all names: in one call where the length is a usual one. */
// prettier-ignore
function decodeShort(b: Uint8Array, p: number, end: number): string {
  switch (end - p) {
    case 4: return fromCharCode(b[p]!, b[p + 1]!, b[p + 2]!, b[p + 3]!);
    case 5: return fromCharCode(b[p]!, b[p + 1]!, b[p + 2]!, b[p + 3]!, b[p + 4]!);
    case 6: return fromCharCode(b[p]!, b[p + 1]!, b[p + 2]!, b[p + 3]!, b[p + 4]!, b[p + 5]!);
    case 7: return fromCharCode(b[p]!, b[p + 1]!, b[p + 2]!, b[p + 3]!, b[p + 4]!, b[p + 5]!, b[p + 6]!);
    case 8: return fromCharCode(b[p]!, b[p + 1]!, b[p + 2]!, b[p + 3]!, b[p + 4]!, b[p + 5]!, b[p + 6]!, b[p + 7]!);
    case 9: return fromCharCode(b[p]!, b[p + 1]!, b[p + 2]!, b[p + 3]!, b[p + 4]!, b[p + 5]!, b[p + 6]!, b[p + 7]!, b[p + 8]!);
    case 10: return fromCharCode(b[p]!, b[p + 1]!, b[p + 2]!, b[p + 3]!, b[p + 4]!, b[p + 5]!, b[p + 6]!, b[p + 7]!, b[p + 8]!, b[p + 9]!);
    case 11: return fromCharCode(b[p]!, b[p + 1]!, b[p + 2]!, b[p + 3]!, b[p + 4]!, b[p + 5]!, b[p + 6]!, b[p + 7]!, b[p + 8]!, b[p + 9]!, b[p + 10]!);
  }
  let text = "";
  for (let at = p; at < end; at++) text += fromCharCode(b[at]!);
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
