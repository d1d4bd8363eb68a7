import { sumOf } from "./schema-database.js";

// What stands in a cache is a line with a mark and a checksum, then the content. The checksum covers the key and the hash of the schemas
// too: what belongs elsewhere is as damaged.
const MARK = "ftrack-wasm 1 ";

export function seal(hash: string, key: string, content: string): string {
  return `${MARK}${sumOf(`${hash}\n${key}\n${content}`).toString(16)}\n${content}`;
}

/** The content of what was sealed; `undefined` for anything else. */
export function unseal(hash: string, key: string, sealed: unknown): string | undefined {
  if (typeof sealed !== "string" || !sealed.startsWith(MARK)) return undefined;
  const end = sealed.indexOf("\n");
  const content = sealed.slice(end + 1);
  return end > 0 && sealed.slice(MARK.length, end) === sumOf(`${hash}\n${key}\n${content}`).toString(16) ? content : undefined;
}

/** An entity as it came at some time: JSON, `null` when it was deleted. */
export interface CachedObject {
  /** Milliseconds since 1970; a little more for what came in the same millisecond as something before it. */
  readonly at: number;
  readonly json: string;
}

/** How many versions of an entity are kept, each with some of its attributes. */
const MOST_OBJECTS = 4;

/** What keeps the order of what came in one millisecond; sums of it are exact. */
const INSTANT = 2 ** -10;

/** Writes the versions of an entity: their times and lengths, then their texts as the server sent them. */
export function joinObjects(objects: readonly CachedObject[]): string {
  return `${JSON.stringify(objects.map(({ at, json }) => [at, json.length]))}\n${objects.map(({ json }) => json).join("")}`;
}

export function splitObjects(content: string): CachedObject[] {
  const end = content.indexOf("\n");
  let offset = end + 1;
  return (JSON.parse(content.slice(0, end)) as [number, number][]).map(([at, length]) => ({ at, json: content.slice(offset, (offset += length)) }));
}

/**
 * Adds a version of an entity, and gives the time that it bears. Older ones that tell no more than it are dropped, and so is it, when a newer one
 * tells as much. The newest is first.
 */
export function withObject(objects: readonly CachedObject[], came: number, json: string): { objects: CachedObject[]; at: number } {
  const tie = objects.find(({ at }) => at >= came && at < came + 1);
  const at = tie ? tie.at + INSTANT : came;
  const parsed = JSON.parse(json) as unknown;
  const kept: CachedObject[] = [];
  for (const other of objects) {
    const older = JSON.parse(other.json) as unknown;
    if (other.at > at && tellsAll(older, parsed)) return { objects: [...objects], at };
    if (other.at > at || !tellsAll(parsed, older)) kept.push(other);
  }
  kept.push({ at, json });
  return { objects: kept.sort((a, b) => b.at - a.at).slice(0, MOST_OBJECTS), at };
}

/** Whether a value has all members that another one has. One that was deleted tells everything. */
function tellsAll(value: unknown, other: unknown): boolean {
  if (!isObject(value) || !isObject(other)) return !isObject(value) || other === null;
  return Object.entries(other).every(([name, member]) => {
    if (!Object.hasOwn(value, name)) return false;
    const own = value[name];
    return !isObject(member) || !isObject(own) || tellsAll(own, member);
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
