import type { Collection } from "./collection.js";
import type { KeyedCollection } from "./keyed-collection.js";
import type { Entity } from "./entity.js";

/** The type of what stands at the end of a path: `PathValue<Task, "parent.name">`; `unknown` for one that types do not know. */
export type PathValue<T, P extends string> = T extends unknown
  ? P extends `${infer Head}.${infer Rest}`
    ? Head extends keyof T
      ? Through<T[Head], Rest>
      : unknown
    : P extends keyof T
      ? T[P]
      : unknown
  : never;

type Through<V, Rest extends string> =
  V extends Collection<infer Member>
    ? PathValue<Member, Rest>[]
    : V extends KeyedCollection
      ? unknown
      : V extends Entity
        ? PathValue<V, Rest>
        : V extends null | undefined
          ? V
          : unknown;

/** One value for each path. */
export type LoadResult<T, P extends readonly string[]> = { -readonly [K in keyof P]: PathValue<T, P[K]> };

/** A step of a path: an attribute, and the type that a cast says its value has. */
export interface Segment {
  readonly name: string;
  readonly cast: string | undefined;
  readonly text: string;
}

/** Splits `parent[TypedContext].status.name`. */
export function segmentsOf(path: string): Segment[] {
  return path.split(".").map((part) => {
    const text = part.trim();
    const cast = /^([^[\]]+)\[([^[\]]+)\]$/.exec(text);
    return cast ? { name: cast[1]!, cast: cast[2]!, text } : { name: text, cast: undefined, text };
  });
}
