// Reads as much of a WebAssembly module as a size report needs.

const sectionNames = ["custom", "type", "import", "function", "table", "memory", "global", "export", "start", "element", "code", "data", "data count"];

/**
 * @param {Buffer} bytes a module
 * @returns {{ sections: {name: string, bytes: Buffer}[], functions: {name: string, size: number}[] }} functions are
 * named after the name section, "?" without one
 */
export function readModule(bytes) {
  if (bytes.toString("latin1", 0, 4) !== "\0asm") throw new Error("not a WebAssembly module");
  const reader = new Reader(bytes, 8);
  const sections = [];
  const names = new Map();
  const sizes = [];
  let imported = 0;
  while (reader.at < bytes.length) {
    const id = reader.byte();
    const length = reader.number();
    const end = reader.at + length;
    const section = { name: sectionNames[id] ?? `section ${id}`, bytes: bytes.subarray(reader.at, end) };
    sections.push(section);
    if (id === 0) {
      section.name = reader.text();
      if (section.name === "name") readNames(reader, end, names);
    } else if (id === 2) imported = countImportedFunctions(reader);
    else if (id === 10) {
      for (let left = reader.number(); left > 0; left--) {
        const size = reader.number();
        sizes.push(size);
        reader.at += size;
      }
    }
    reader.at = end;
  }
  return { sections, functions: sizes.map((size, index) => ({ name: names.get(imported + index) ?? "?", size })) };
}

/** Only functions are imported by a Go module; anything else would shift no function index. */
function countImportedFunctions(reader) {
  let functions = 0;
  for (let left = reader.number(); left > 0; left--) {
    reader.text();
    reader.text();
    const kind = reader.byte();
    if (kind !== 0) throw new Error(`an import of kind ${kind}, not a function`);
    reader.number();
    functions++;
  }
  return functions;
}

function readNames(reader, end, names) {
  while (reader.at < end) {
    const part = reader.byte();
    const partEnd = reader.number() + reader.at;
    if (part === 1) for (let left = reader.number(); left > 0; left--) names.set(reader.number(), reader.text());
    reader.at = partEnd;
  }
}

class Reader {
  constructor(bytes, at) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    return this.bytes[this.at++];
  }

  /** An unsigned LEB128 number. */
  number() {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  text() {
    const length = this.number();
    this.at += length;
    return this.bytes.toString("utf8", this.at - length, this.at);
  }
}
