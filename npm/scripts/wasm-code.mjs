// Reading and writing the code of a WebAssembly module: as much of the binary format as Go's linker uses
// (https://webassembly.github.io/spec/core/binary/).

export const op = {
  unreachable: 0x00, block: 0x02, loop: 0x03, if: 0x04, else: 0x05, end: 0x0b, br: 0x0c, brIf: 0x0d, brTable: 0x0e, call: 0x10, callIndirect: 0x11,
  localGet: 0x20, localSet: 0x21, globalGet: 0x23, i32Const: 0x41,
};
const codeSection = 10;

/** Reads an unsigned LEB128 number: its value, and the offset behind it. */
export function number(bytes, at) {
  let value = 0;
  let factor = 1;
  for (;;) {
    const byte = bytes[at++];
    value += (byte & 127) * factor;
    if (byte < 128) return [value, at];
    factor *= 128;
  }
}

/** The bytes of an unsigned LEB128 number. */
export function encode(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value & 127) | 128);
  return [...bytes, value];
}

/** The offset behind a LEB128 number, signed or not. */
export function pastNumber(bytes, at) {
  while (bytes[at++] > 127);
  return at;
}

/** The offset behind the instruction at an offset. One that Go's compiler is not known to use is an error. */
export function pastInstruction(bytes, at) {
  const code = bytes[at++];
  if (code === op.brTable) {
    let [targets, next] = number(bytes, at);
    for (; targets >= 0; targets--) next = pastNumber(bytes, next);
    return next;
  }
  if (code === 0xfc) {
    const [which, next] = number(bytes, at);
    if (which < 8) return next; // saturating truncation
    if (which === 10) return next + 2; // memory.copy
    if (which === 11) return next + 1; // memory.fill
    throw new Error(`wasm: unknown instruction fc ${which} at byte ${at - 1}`);
  }
  if (code === op.callIndirect || (code >= 0x28 && code <= 0x3e)) return pastNumber(bytes, pastNumber(bytes, at)); // loads and stores
  if ((code >= op.block && code <= op.if) || code === op.br || code === op.brIf || code === op.call) return pastNumber(bytes, at);
  if ((code >= op.localGet && code <= 0x24) || code === op.i32Const || code === 0x42) return pastNumber(bytes, at);
  if (code === 0x3f || code === 0x40) return at + 1; // memory.size, memory.grow
  if (code === 0x43) return at + 4; // f32.const
  if (code === 0x44) return at + 8; // f64.const
  const plain = code <= 0x01 || code === op.else || code === op.end || code === 0x0f || code === 0x1a || code === 0x1b || (code >= 0x45 && code <= 0xc4);
  if (plain) return at;
  throw new Error(`wasm: unknown instruction ${code.toString(16)} at byte ${at - 1}`);
}

/**
 * A copy of a module with every function body replaced by what `change` makes of it: a list of byte arrays, or nothing
 * for a body that stays. `change` gets the module's bytes and the body's offsets.
 */
export function mapBodies(module, change) {
  const parts = [module.subarray(0, 8)];
  for (let at = 8; at < module.length; ) {
    const [size, start] = number(module, at + 1);
    const end = start + size;
    if (module[at] === codeSection) for (const part of section(module, start, change)) parts.push(part); // too many to spread
    else parts.push(module.subarray(at, end));
    at = end;
  }
  return joined(parts);
}

function section(module, start, change) {
  let [count, at] = number(module, start);
  const parts = [Uint8Array.from(encode(count))];
  for (; count > 0; count--) {
    const [size, from] = number(module, at);
    at = from + size;
    const body = change(module, from, at) ?? [module.subarray(from, at)];
    parts.push(Uint8Array.from(encode(total(body))));
    for (const part of body) parts.push(part);
  }
  return [Uint8Array.from([codeSection, ...encode(total(parts))]), ...parts];
}

export function total(parts) {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

export function joined(parts) {
  const bytes = new Uint8Array(total(parts));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
