import type { Collection } from "./collection.js";
import type { KeyedCollection } from "./keyed-collection.js";
import type { Entity } from "./entity.js";
import type { HelperName } from "./entity-helpers.js";
import type { NOT_SET } from "./written-value.js";

/** What may be written to an attribute, by what is read from it. */
export type WrittenTo<T> =
  T extends Collection<infer Member> ? Iterable<Member> : T extends KeyedCollection ? never : T extends Date ? Date | string : Exclude<T, undefined>;

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** The names of an entity's attributes. */
type AttributeName<E> = Exclude<keyof E, keyof Entity | HelperName>;

/** The names of those that can be written once the entity exists; collections can, although nothing is assigned to them. */
type WritableName<E> = {
  [K in AttributeName<E>]-?: NonNullable<E[K]> extends Collection ? K : Same<Pick<E, K>, Readonly<Pick<E, K>>> extends true ? never : K;
}[AttributeName<E>];

/** What `session.create` takes for an entity of a type: any of its attributes, and its mappings by key. */
export type CreateData<E> = { readonly [K in AttributeName<E>]?: NonNullable<E[K]> extends KeyedCollection ? Readonly<Record<string, unknown>> : WrittenTo<E[K]> };

/** What `entity.set` takes: the attributes that can be written, and `NOT_SET` for any of them. */
export type SetData<E> = { readonly [K in WritableName<E>]?: WrittenTo<E[K]> | typeof NOT_SET };
