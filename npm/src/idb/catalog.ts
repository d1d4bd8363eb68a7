import type { Head, Part } from "./segment.js";

/** A segment that is known, and how it is used. */
export class Segment {
  readonly number: number;
  readonly head: Head;
  /** When something of it was used last, in milliseconds since 1970. */
  used: number;
  /** How many bytes of it belong to replies that were saved anew. */
  dead = 0;
  /** The order of what was saved last of it. */
  readonly newest: number;

  constructor(number: number, head: Head, used: number) {
    this.newest = head.parts.reduce((newest, { order }) => Math.max(newest, order), 0);
    this.number = number;
    this.head = head;
    this.used = used;
  }

  /** The part in which a byte stands. */
  partAt(offset: number): Part {
    const { parts } = this.head;
    let low = 0;
    let high = parts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (parts[middle]!.from <= offset) low = middle;
      else high = middle - 1;
    }
    return parts[low]!;
  }
}

/** Where a reply stands. */
export interface Reply {
  readonly segment: Segment;
  readonly part: Part;
}

/** All that a database holds, as far as this tab knows. */
export class Catalog {
  readonly segments = new Map<number, Segment>();
  readonly #replies = new Map<string, Reply>();
  #bytes = 0;
  #dead = 0;

  /** Adds a segment. Of replies under one key the one that was saved last counts, the others are dead. */
  add(segment: Segment): void {
    if (this.segments.has(segment.number)) return;
    this.segments.set(segment.number, segment);
    this.#bytes += segment.head.size;
    for (const part of segment.head.parts) {
      if (part.key === "") continue;
      const other = this.#replies.get(part.key);
      if (other && other.part.order > part.order) this.#bury(segment, part);
      else {
        this.#replies.set(part.key, { segment, part });
        if (other) this.#bury(other.segment, other.part);
      }
    }
  }

  remove(number: number): void {
    const segment = this.segments.get(number);
    if (!segment) return;
    this.segments.delete(number);
    this.#bytes -= segment.head.size;
    this.#dead -= segment.dead;
    for (const part of segment.head.parts) if (this.#replies.get(part.key)?.segment === segment) this.#replies.delete(part.key);
  }

  /** What was saved last under a key. */
  reply(key: string): Reply | undefined {
    return this.#replies.get(key);
  }

  /** Whether a part is what counts under its key. */
  isLive(part: Part): boolean {
    return part.key === "" || this.#replies.get(part.key)?.part === part;
  }

  /** Segments in which nothing lives. */
  dead(): Segment[] {
    return this.#dead ? [...this.segments.values()].filter(({ dead, head }) => dead === head.size) : [];
  }

  /** How many bytes there are. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How many of them are dead. */
  get deadBytes(): number {
    return this.#dead;
  }

  /** The least recently used segments, as many as must go for the rest to be within a limit. */
  over(limit: number): Segment[] {
    let { bytes } = this;
    const out: Segment[] = [];
    if (bytes <= limit) return out;
    for (const segment of [...this.segments.values()].sort((a, b) => a.used - b.used || a.number - b.number)) {
      if (bytes <= limit) break;
      bytes -= segment.head.size;
      out.push(segment);
    }
    return out;
  }

  #bury(segment: Segment, part: Part): void {
    segment.dead += part.size;
    this.#dead += part.size;
  }
}
