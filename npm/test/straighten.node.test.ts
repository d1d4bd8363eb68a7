import { describe, expect, it } from "vitest";
import { straighten } from "../scripts/straighten.mjs";

const [i32, none, end] = [0x7f, 0x40, 0x0b];
const getPc = [0x20, 0];
const getG = [0x23, 0];
const setG = [0x24, 0];

function constant(value: number): number[] {
  const low = value & 127;
  return value < 64 ? [0x41, value] : [0x41, low | 128, value >> 7];
}

const jump = (block: number, depth: number): number[] => [...constant(block), 0x21, 0, 0x0c, depth];
const section = (id: number, content: number[]): number[] => [id, content.length, ...content];

/** Three basic blocks as Go writes them, over a global g: the first may leave for the third, the second for itself. */
function body(toThird: number[], before: number[] = []): number[] {
  return [
    0, // no locals
    ...before,
    ...[0x03, none, 0x02, none, 0x02, none, 0x02, none, ...getPc, 0x0e, 2, 0, 1, 2, end],
    ...[...getG, 0x45, 0x04, none, ...toThird, end, ...constant(10), ...setG, end], // if g == 0 goto third; g = 10
    ...[...getG, ...constant(1), 0x6a, ...setG, ...getG, ...constant(15), 0x48, 0x04, none, ...jump(1, 2), end, end], // g++; if g < 15 goto second
    ...[...getG, ...constant(100), 0x6a, ...setG, ...constant(0), 0x0f, end], // g += 100; return 0
    ...[0x00, end],
  ];
}

function moduleOf(code: number[]): Uint8Array<ArrayBuffer> {
  const name = (text: string) => [text.length, ...new TextEncoder().encode(text)];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 1, i32, 1, i32]),
    ...section(3, [1, 0]),
    ...section(6, [1, i32, 1, 0x41, 0, end]),
    ...section(7, [2, ...name("run"), 0, 0, ...name("g"), 3, 0]),
    ...section(10, [1, code.length, ...code]),
  ]);
}

async function results(module: Uint8Array<ArrayBuffer>): Promise<number[]> {
  const { instance } = await WebAssembly.instantiate(module);
  const { run, g } = instance.exports as { run: (pc: number) => number; g: WebAssembly.Global };
  const entered = (block: number, value: number): number => {
    g.value = value;
    run(block);
    return g.value as number;
  };
  return [entered(0, 0), entered(0, 7), entered(1, 3), entered(1, 40), entered(2, 1)];
}

describe("straightened jumps", () => {
  const module = moduleOf(body(jump(2, 3)));

  it("lead where they led, whichever block is entered", async () => {
    const straight = straighten(module);
    expect(straight).toMatchObject({ jumps: 1, back: 1 });
    expect(await results(module)).toEqual([100, 115, 115, 141, 101]);
    expect(await results(straight.bytes)).toEqual([100, 115, 115, 141, 101]);
    expect(straight.bytes.length).toBeLessThan(module.length);
  });

  it("are left as they are in a function without the table", () => {
    const plain = moduleOf([0, 0x41, 0, end]);
    expect(straighten(plain)).toMatchObject({ bytes: plain, jumps: 0, back: 0 });
  });

  it("are refused when they lead to another loop, or beyond the table", () => {
    expect(() => straighten(moduleOf(body(jump(2, 2))))).toThrow("not of the form");
    expect(() => straighten(moduleOf(body(jump(3, 3))))).toThrow("not of the form");
  });

  it("are refused among instructions that are not known", () => {
    expect(() => straighten(moduleOf(body([0xfd, 0])))).toThrow("unknown instruction fd");
  });
});
