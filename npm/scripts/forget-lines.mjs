// Takes out of a module what Go keeps to name files and lines in stack traces, and puts its data into fewer segments: a sixth of its
// compressed size, half by either. Traces keep the names of the functions. As a program: `node forget-lines.mjs FROM TO`.
//
// The linker's pclntab has a table from code to values for each function and purpose: stack depth, stack maps, inlined calls, and
// file, line, points that are unsafe for a preemption that WebAssembly does not have, arguments to print. A function whose offset
// for a table is 0 has none, and the runtime then prints "?" for the file. So the offsets of the latter become 0, and what no
// table uses any more is left out: memory is empty to begin with. See runtime/symtab.go and runtime2.go (_func) in Go's sources.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { encode, joined, number, op, pastNumber, total } from "./wasm-code.mjs";

const dataSection = 11;
const magic = [0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8];
/** Of a _func: where its fields stand. */
const field = { pcsp: 16, pcfile: 20, pcln: 24, npcdata: 28, nfuncdata: 43, pcdata: 44 };
/** Of its pcdata: unsafe points, and which arguments are alive. */
const forgotten = new Set([0, 3]);
/** So many empty bytes are worth the head of another segment. Go's linker takes 8, which makes 60,000 segments that nothing compresses. */
const gap = 32;

/**
 * @param {Uint8Array} module
 * @returns {{ bytes: Uint8Array, functions: number, forgotten: number }} the module, its functions, and the bytes left out
 */
export function forgetLines(module) {
  const parts = [module.subarray(0, 8)];
  let counts;
  for (let at = 8; at < module.length; ) {
    const [size, start] = number(module, at + 1);
    const end = start + size;
    if (module[at] === dataSection) {
      const memory = load(module, start);
      counts = clear(memory);
      const body = store(memory);
      parts.push(Uint8Array.from([dataSection, ...encode(total(body))]));
      for (const part of body) parts.push(part); // too many to spread
    } else parts.push(module.subarray(at, end));
    at = end;
  }
  if (!counts) throw new Error("wasm: the module has no data");
  return { bytes: joined(parts), ...counts };
}

/** The memory that a module begins with. */
function load(module, start) {
  const segments = [];
  let [count, at] = number(module, start);
  let top = 0;
  for (; count > 0; count--) {
    if (module[at] !== 0 || module[at + 1] !== op.i32Const) throw new Error(`wasm: the data segment at byte ${at} is not of the form that Go writes`);
    const offset = signed(module, at + 2);
    const [length, from] = number(module, pastNumber(module, at + 2) + 1);
    segments.push({ offset, bytes: module.subarray(from, from + length) });
    top = Math.max(top, offset + length);
    at = from + length;
  }
  const bytes = new Uint8Array(top);
  for (const { offset, bytes: part } of segments) bytes.set(part, offset);
  return bytes;
}

/** A signed LEB128 number of up to 32 bits. */
function signed(bytes, at) {
  let value = 0;
  let shift = 0;
  for (;;) {
    const byte = bytes[at++];
    value |= (byte & 127) << shift;
    shift += 7;
    if (byte < 128) return shift < 32 && byte & 64 ? value | (-1 << shift) : value;
  }
}

function encodeSigned(value) {
  const bytes = [];
  for (;;) {
    const byte = value & 127;
    value >>= 7;
    if ((value === 0 && !(byte & 64)) || (value === -1 && byte & 64)) return [...bytes, byte];
    bytes.push(byte | 128);
  }
}

/** A data section without what is empty. */
function store(bytes) {
  const parts = [];
  let count = 0;
  for (let at = 0; at < bytes.length; ) {
    while (at < bytes.length && bytes[at] === 0) at++;
    let end = at;
    for (let empty = 0; end + empty < bytes.length && empty < gap; ) {
      if (bytes[end + empty] === 0) empty++;
      else {
        end += empty + 1;
        empty = 0;
      }
    }
    if (end > at) {
      parts.push(Uint8Array.from([0, op.i32Const, ...encodeSigned(at), op.end, ...encode(end - at)]), bytes.subarray(at, end));
      count++;
    }
    at = Math.max(end, at + 1);
  }
  return [Uint8Array.from(encode(count)), ...parts];
}

function clear(bytes) {
  const view = new DataView(bytes.buffer);
  const head = headOf(bytes);
  const word = (at) => Number(view.getBigUint64(head + at, true));
  const functions = word(8);
  const tables = head + word(56);
  const list = head + word(64); // entries of two words: code offset, place of the _func; after the last the end of the code
  const used = new Uint8Array(list - tables);
  used[0] = 1;
  for (let i = 0; i < functions; i++) {
    const at = list + view.getUint32(list + 8 * i + 4, true);
    use(bytes, tables, used, view.getUint32(at + field.pcsp, true));
    view.setUint32(at + field.pcfile, 0, true);
    view.setUint32(at + field.pcln, 0, true);
    const count = view.getUint32(at + field.npcdata, true);
    for (let k = 0; k < count; k++) {
      const place = at + field.pcdata + 4 * k;
      if (forgotten.has(k)) view.setUint32(place, 0, true);
      else use(bytes, tables, used, view.getUint32(place, true));
    }
  }
  let left = 0;
  for (let i = 0; i < used.length; i++) {
    if (used[i] || bytes[tables + i] === 0) continue;
    bytes[tables + i] = 0;
    left++;
  }
  return { functions, forgotten: left };
}

/** Marks the bytes of one table: pairs of numbers, ended by a first number of 0 that is not the table's first. */
function use(bytes, tables, used, offset) {
  if (offset === 0 || used[offset] === 2) return;
  let at = tables + offset;
  for (let first = true; first || bytes[at] !== 0; first = false) at = pastNumber(bytes, pastNumber(bytes, at));
  used.fill(1, offset, at + 1 - tables);
  used[offset] = 2;
}

/** Where pclntab begins, of which there is one. */
function headOf(bytes) {
  const found = [];
  for (let at = 0; at + 72 < bytes.length; at += 8) if (magic.every((byte, i) => bytes[at + i] === byte)) found.push(at);
  if (found.length !== 1) throw new Error("wasm: pclntab is not where or as this Go is known to write it; build without forget-lines.mjs");
  return found[0];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [, , source, target] = process.argv;
  const { bytes, ...counts } = forgetLines(readFileSync(source));
  writeFileSync(target, bytes);
  console.log(JSON.stringify(counts));
}
