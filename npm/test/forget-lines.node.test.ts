import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { forgetLines } from "../scripts/forget-lines.mjs";

const shipped = readFileSync(fileURLToPath(new URL("../dist/ftrack.wasm", import.meta.url)));

/** A module of one data segment. */
function moduleOf(data: number[], flags = 0): Uint8Array {
  return Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 11, data.length + 6, 1, flags, 0x41, 0, 0x0b, data.length, ...data]);
}

describe("a module without lines", () => {
  it("has nothing left to forget, and stays as it is", () => {
    const again = forgetLines(shipped);
    expect(again.functions).toBeGreaterThan(1000);
    expect(again.forgotten).toBe(0);
    expect(Buffer.compare(again.bytes, shipped)).toBe(0);
  });

  it("is a module, with few segments of data", () => {
    expect(WebAssembly.validate(new Uint8Array(shipped))).toBe(true);
    expect(new WebAssembly.Module(new Uint8Array(shipped))).toBeInstanceOf(WebAssembly.Module);
  });

  it("is made of modules of the known form only", () => {
    expect(() => forgetLines(moduleOf([1, 2, 3]))).toThrow("pclntab is not where or as this Go is known to write it");
    expect(() => forgetLines(moduleOf([1, 2, 3], 1))).toThrow("not of the form that Go writes");
    expect(() => forgetLines(Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]))).toThrow("no data");
  });
});
