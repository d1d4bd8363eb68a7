import { describe, expect, test } from "vitest";
import { decodeAscii, decodeQuoted } from "../src/text.js";

const encoder = new TextEncoder();

function decoded(json: string): string | undefined {
  const bytes = encoder.encode(`..${json}.`);
  return decodeQuoted(bytes, 2, bytes.length - 3);
}

describe("a JSON text", () => {
  test.each(['""', '"plain"', String.raw`"\" \\ \/ \b \f \n \r \t"`, String.raw`"\u0041\u00e9\u20AC\uD83D\ude00\ud800"`, '"señor Díaz — Größe 東京"', String.raw`"\u0000\u007f"`, `"${String.fromCharCode(0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xffff)}"`])(
    "%s is decoded as the engine decodes it",
    (json) => {
      expect(decoded(json)).toBe(JSON.parse(json));
    },
  );

  test("is decoded by others when it is long or holds characters of four bytes", () => {
    expect(decoded(JSON.stringify("x".repeat(300)))).toBeUndefined();
    expect(decoded(JSON.stringify("a 😀"))).toBeUndefined();
  });

  test("is decoded by others when its bytes are no UTF-8", () => {
    const quoted = (...inner: number[]): Uint8Array => Uint8Array.of(0x22, ...inner, 0x22);
    const faults = [[0x80], [0xc0, 0x80], [0xc1, 0xbf], [0xc3], [0xc3, 0x28], [0xe2, 0x82], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x28, 0xa1], [0xff]];
    for (const inner of faults) expect(decodeQuoted(quoted(...inner), 0, inner.length + 2), inner.join()).toBeUndefined();
  });

  test("is decoded as the engine decodes it, whatever stands in it", () => {
    let seed = 7;
    const below = (n: number): number => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
    const units = [0x22, 0x5c, 0x0a, 0x1f, 0x41, 0x7f, 0x80, 0xe9, 0x7ff, 0x800, 0x20ac, 0xfffd];
    for (let i = 0; i < 2000; i++) {
      const text = Array.from({ length: below(40) }, () => String.fromCharCode(units[below(units.length)]!)).join("");
      expect(decoded(JSON.stringify(text))).toBe(text);
    }
  });
});

test("a plain text is decoded whatever its length", () => {
  const text = Array.from({ length: 100 }, (_, i) => String.fromCharCode(33 + (i % 90))).join("");
  const bytes = encoder.encode(text);
  for (let length = 0; length <= text.length; length++) expect(decodeAscii(bytes, 0, length)).toBe(text.slice(0, length));
});
