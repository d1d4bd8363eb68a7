import type { Commands } from "./commands.js";
import { Entity, makeEntityClass } from "./entity.js";
import type { EntityClass } from "./entity.js";
import type { EntityState } from "./entity-state.js";
import { InvalidArgumentError } from "./errors.js";
import type { EntityTypeExtension, SessionOptions } from "./options.js";
import type { EntityType } from "./schema.js";

/** A session's entity types and the classes of their entities, made from the schema when they are first needed, with what `entityTypes` adds. */
export class EntityClasses {
  readonly #types: ReadonlyMap<string, EntityType>;
  readonly #extensions: NonNullable<SessionOptions["entityTypes"]>;
  readonly #classes = new Map<EntityType, EntityClass>();
  #byName: Readonly<Record<string, EntityClass>> | undefined;

  constructor(types: readonly EntityType[], extensions: SessionOptions["entityTypes"]) {
    this.#types = new Map(types.map((type) => [type.name, type]));
    this.#extensions = { ...extensions };
  }

  /** The type of a name. */
  type(name: string): EntityType | undefined {
    return this.#types.get(name);
  }

  /** All classes by name; each is made when it is read. */
  get byName(): Readonly<Record<string, EntityClass>> {
    if (!this.#byName) {
      const classes = Object.create(null) as Record<string, EntityClass>;
      for (const [name, type] of this.#types) Object.defineProperty(classes, name, { get: () => this.of(type), enumerable: true });
      this.#byName = Object.freeze(classes);
    }
    return this.#byName;
  }

  /** Extends a type whose class nobody has used yet, beyond what it is extended by. */
  extend(name: string, extension: EntityTypeExtension): void {
    const before = Object.hasOwn(this.#extensions, name) ? this.#extensions[name] : undefined;
    this.#extensions[name] = before ? (Base) => extension(before(Base)) : extension;
  }

  /** The class of a type. */
  of(type: EntityType): EntityClass {
    const known = this.#classes.get(type);
    if (known) return known;
    const base: new (state: EntityState) => Entity = type.base ? this.of(type.base) : Entity;
    let made = makeEntityClass(type, base);
    const extend = Object.hasOwn(this.#extensions, type.name) ? this.#extensions[type.name] : undefined;
    if (extend) {
      const extended = extend(made) as unknown as EntityClass;
      if (typeof extended !== "function" || !(extended.prototype instanceof made)) {
        throw new InvalidArgumentError(`Session.open: entityTypes.${type.name} must return a class that extends the given one`);
      }
      made = extended;
    }
    this.#classes.set(type, made);
    return made;
  }

  /**
   * Refuses names of `entityTypes` that the server does not have.
   * @throws {InvalidArgumentError}
   */
  check(commands: Commands): void {
    for (const type of Object.keys(this.#extensions)) {
      if (this.#types.has(type)) continue;
      try {
        commands.run({ op: "defaults", type, projections: [] }); // it tells the nearest name that there is
      } catch (cause) {
        throw new InvalidArgumentError(`Session.open: the option entityTypes: ${(cause as Error).message}`, { cause });
      }
    }
  }

  /** The static `defaultProjections` of the classes that `entityTypes` made, by type. */
  *defaultProjections(): Generator<[type: string, projections: readonly string[]]> {
    for (const name of Object.keys(this.#extensions)) {
      const type = this.#types.get(name);
      const made = type && (this.of(type) as EntityClass & { defaultProjections?: unknown });
      if (!made || !Object.hasOwn(made, "defaultProjections")) continue;
      const { defaultProjections: projections } = made;
      if (!Array.isArray(projections) || !projections.every((path) => typeof path === "string")) {
        throw new InvalidArgumentError(`Session.open: defaultProjections of entityTypes.${name} must be a list of texts`);
      }
      yield [name, projections];
    }
  }
}
