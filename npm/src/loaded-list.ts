import type { Command } from "./commands.js";
import type { Entity, LoadOptions } from "./entity.js";
import type { EntityState } from "./entity-state.js";
import { NotLoadedError } from "./errors.js";
import type { Attribute } from "./schema.js";

// Nothing here may import entity.js but its types: its module builds on the classes that extend this one.

const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/** What collections and mappings have in common: they are there always, their members once they are loaded. */
export abstract class LoadedList {
  /** The entity whose attribute this is. */
  readonly owner: Entity;
  /** @internal */
  protected readonly state: EntityState;
  readonly #attribute: Attribute;
  #version = -2;
  #rows: readonly Entity[] | undefined;

  /** @internal */
  constructor(owner: Entity, state: EntityState, attribute: Attribute) {
    this.owner = owner;
    this.state = state;
    this.#attribute = attribute;
  }

  /** Name of the attribute of `owner`. */
  get name(): string {
    return this.#attribute.name;
  }

  /** Whether the members are here, to be iterated. */
  get loaded(): boolean {
    return this.rows !== undefined;
  }

  /** How many members there are; `undefined` while not loaded. */
  get length(): number | undefined {
    return this.rows?.length;
  }

  /** Fetches the members if they are not loaded. */
  async load(options: LoadOptions = {}): Promise<this> {
    await this.state.records.session.loader.load(this.owner, [this.name], options);
    return this;
  }

  /** @internal The entities that are the members or stand for them; `undefined` while not loaded. */
  get rows(): readonly Entity[] | undefined {
    const { state } = this;
    if (state.records.refresh(state) && state.version !== this.#version) {
      this.#version = state.version;
      const value = state.records.read(state, this.#attribute);
      this.#rows = value === undefined ? undefined : Array.isArray(value) ? (value as Entity[]) : [];
    }
    return this.#rows;
  }

  protected loadedRows(): readonly Entity[] {
    const rows = this.rows;
    if (!rows) throw this.notLoadedError();
    return rows;
  }

  /** @internal */
  protected notLoadedError(): NotLoadedError {
    const { entityType } = this.owner;
    return new NotLoadedError(`${entityType}.${this.name} is not loaded: await ${entityType.toLowerCase()}.${this.name}.load() first, or select it in the query`);
  }

  /** @internal */
  [INSPECT](_depth: number, options: object, inspect: (value: unknown, options: object) => string): string {
    const kind = this.constructor.name;
    return this.loaded ? `${kind} ${inspect(this.shown(), options)}` : `${kind} (not loaded)`;
  }

  protected abstract shown(): unknown;

  /** @internal Makes a change of this attribute, or asks about its changes. */
  protected command(command: Command): unknown {
    const { records, handle } = this.state;
    return records.command({ ...command, record: handle, name: this.name });
  }
}
