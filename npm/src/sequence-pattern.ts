/** The most members of one sequence, so that a mistyped range does not fill the memory. */
const MOST_INDEXES = 1_000_000;

/** A sequence of files as one text: `head.%04d.exr [1-5, 7]`. */
export class SequencePattern {
  readonly head: string;
  readonly tail: string;
  /** Digits of an index; 0 is as many as it needs. */
  readonly padding: number;
  readonly indexes: readonly number[];

  private constructor(head: string, padding: number, tail: string, indexes: Iterable<number>) {
    this.head = head;
    this.padding = padding;
    this.tail = tail;
    this.indexes = Object.freeze([...new Set(indexes)].sort((a, b) => a - b));
  }

  /** Reads a pattern; `undefined` for a text that is none: a single file. */
  static parse(text: string): SequencePattern | undefined {
    const [, head, digits, tail, list] = /^(.*)%(0\d{0,2})?d([^%]*) \[([^[\]]*)\]$/su.exec(text) ?? [];
    if (head === undefined || tail === undefined) return undefined;
    const indexes: number[] = [];
    for (const each of list!.split(",")) {
      const [, from, to = from] = /^\s*(\d{1,9})\s*(?:-\s*(\d{1,9})\s*)?$/.exec(each) ?? [];
      if (from === undefined || Number(to) < Number(from) || indexes.length + Number(to) - Number(from) >= MOST_INDEXES) return undefined;
      for (let i = Number(from); i <= Number(to); i++) indexes.push(i);
    }
    return new SequencePattern(head, Number(digits ?? 0), tail, indexes);
  }

  /**
   * The sequence that a list of file names is: they differ in one number only, wherever it stands (`a.0001.jp2`, `a_0001_v2.exr`). `undefined` when
   * they are none; one file alone is none.
   */
  static of(names: readonly string[]): SequencePattern | undefined {
    const parts = names.map((name) => name.split(/(\d+)/)); // the numbers are at odd places
    const first = parts[0];
    if (!first || parts.some(({ length }) => length !== first.length)) return undefined;
    const [place, ...others] = [...first.keys()].filter((at) => parts.some((part) => part[at] !== first[at]));
    if (place === undefined || others.length || place % 2 === 0) return undefined;
    const numbers = parts.map((part) => part[place]!);
    if (numbers.some(({ length }) => length > 9)) return undefined;
    const padding = Math.max(...numbers.map((number) => (number.length > 1 && number.startsWith("0") ? number.length : 0)));
    const pattern = new SequencePattern(first.slice(0, place).join(""), padding, first.slice(place + 1).join(""), numbers.map(Number));
    const fits = pattern.indexes.length === names.length && names.every((name, i) => pattern.file(Number(numbers[i])) === name);
    return fits ? pattern : undefined;
  }

  /** A member's number as its file name has it. */
  index(i: number): string {
    return String(i).padStart(this.padding, "0");
  }

  /** The name of a member's file. */
  file(i: number): string {
    return this.head + this.index(i) + this.tail;
  }

  /** The name that stands for all members: `head.%04d.exr`. */
  get expression(): string {
    return this.head + indexExpression(this.padding) + this.tail;
  }

  toString(): string {
    const ranges: string[] = [];
    for (let i = 0; i < this.indexes.length; ) {
      let end = i;
      while (this.indexes[end + 1] === this.indexes[end]! + 1) end++;
      ranges.push(end > i ? `${this.indexes[i]}-${this.indexes[end]}` : String(this.indexes[i]));
      i = end + 1;
    }
    return `${this.expression} [${ranges.join(", ")}]`;
  }
}

/** The index of a sequence's members as their common name has it. */
export function indexExpression(padding: number): string {
  return padding > 0 ? `%0${padding}d` : "%d";
}

/** The extension of a file name, with its dot; `""` when it has none. */
export function fileTypeOf(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  const at = name.lastIndexOf(".");
  return at > 0 ? name.slice(at) : "";
}
