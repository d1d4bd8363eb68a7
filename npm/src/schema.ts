/** What an attribute holds, in the core's words. */
export type AttributeKind =
  | "string"
  | "boolean"
  | "integer"
  | "number"
  | "variable"
  | "object"
  | "datetime"
  | "json"
  | "reference"
  | "collection"
  | "mapped"
  | "customAttributes"
  | "unknown";

/** An attribute as the reply to `open` lists it: name, slot, kind, target type, flags. */
export type AttributeTuple = [name: string, slot: number, kind: AttributeKind, target: string, flags: number];

/** An entity type as the reply to `open` lists it. */
export interface TypeDescription {
  name: string;
  base: string | null;
  primaryKey: string[];
  defaultProjections: string[];
  attributes: AttributeTuple[];
}

/** An attribute of an entity type, as the server's schema has it. */
export class Attribute {
  readonly name: string;
  readonly kind: AttributeKind;
  /** Entity type that a reference or the members of a collection have at least; empty for other kinds. */
  readonly target: string;
  readonly required: boolean;
  readonly immutable: boolean;
  readonly computed: boolean;
  /** Usable in filters, but not in projections. */
  readonly restricted: boolean;
  /** @internal Place among the values of a record in the core. */
  readonly slot: number;
  /** Whether the value is a collection object rather than a value of the record. */
  readonly many: boolean;
  /** @internal Place among the decoded values of an entity; 0, which holds none, until one was decoded. */
  index = 0;
  /** @internal Where the core has its values, by blocks of records; see `Cells`. */
  readonly blocks: number[] = [];

  /** @internal */
  constructor([name, slot, kind, target, flags]: AttributeTuple) {
    this.name = name;
    this.slot = slot;
    this.kind = kind;
    this.target = target;
    this.many = kind === "collection" || kind === "mapped" || kind === "customAttributes";
    this.required = (flags & 1) !== 0;
    this.immutable = (flags & 2) !== 0;
    this.computed = (flags & 4) !== 0;
    this.restricted = (flags & 8) !== 0;
  }

  /** Whether the value is a mapping from keys to values: metadata and custom attributes. */
  get keyed(): boolean {
    return this.kind === "mapped" || this.kind === "customAttributes";
  }
}

/** An entity type of the server's schema. */
export class EntityType {
  readonly name: string;
  readonly primaryKey: readonly string[];
  readonly defaultProjections: readonly string[];
  readonly base: EntityType | undefined;
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** Whether other types are derived from this one. */
  derived = false;
  #names: string[] | undefined;
  /** @internal How many places the decoded values of an entity need, the empty first one included. */
  indexes = 1;
  readonly #blank: unknown[] = [];

  /** @internal */
  constructor(description: TypeDescription, base: EntityType | undefined) {
    this.name = description.name;
    this.base = base;
    this.primaryKey = Object.freeze(description.primaryKey);
    this.defaultProjections = Object.freeze(description.defaultProjections);
    this.attributes = new Map(description.attributes.map((tuple) => [tuple[0], new Attribute(tuple)]));
  }

  /** @internal Places for the decoded values of an entity. Copying an array takes a third of the time of filling a new one. */
  blank(): unknown[] {
    const blank = this.#blank;
    while (blank.length < this.indexes) blank.push(undefined);
    return blank.slice();
  }

  /** @internal The attribute in a slot of the core's records. */
  nameAt(slot: number): string | undefined {
    if (!this.#names) {
      this.#names = [];
      for (const { slot: at, name } of this.attributes.values()) this.#names[at] = name;
    }
    return this.#names[slot];
  }

  /** Whether this is the named type or derived from it. */
  isA(name: string): boolean {
    for (let type: EntityType | undefined = this; type; type = type.base) {
      if (type.name === name) return true;
    }
    return false;
  }
}

/** Builds the types in the order that the core numbers them by. */
export function entityTypes(descriptions: TypeDescription[]): EntityType[] {
  const byName = new Map(descriptions.map((description) => [description.name, description]));
  const built = new Map<string, EntityType>();
  const build = (description: TypeDescription): EntityType => {
    const known = built.get(description.name);
    if (known) return known;
    const base = description.base === null ? undefined : byName.get(description.base);
    const type = new EntityType(description, base && build(base));
    if (type.base) type.base.derived = true;
    built.set(description.name, type);
    return type;
  };
  return descriptions.map(build);
}
