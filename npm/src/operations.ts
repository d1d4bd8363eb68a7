import type { Commands } from "./commands.js";
import { InvalidArgumentError } from "./errors.js";
import { nameObjects } from "./object-name.js";
import type { Records } from "./records.js";
import { readWritten, writtenValue } from "./written-value.js";

/** Creates an entity: its type, its primary key in the schema's order, and its values. */
export class CreateEntityOperation {
  readonly operation = "create";
  constructor(
    readonly entityType: string,
    readonly entityKey: readonly string[],
    readonly entityData: Readonly<Record<string, unknown>>,
  ) {}
}

/** Gives an attribute of an entity a new value. */
export class UpdateEntityOperation {
  readonly operation = "update";
  constructor(
    readonly entityType: string,
    readonly entityKey: readonly string[],
    readonly attributeName: string,
    readonly oldValue: unknown,
    readonly newValue: unknown,
  ) {}
}

/** Deletes an entity. */
export class DeleteEntityOperation {
  readonly operation = "delete";
  constructor(
    readonly entityType: string,
    readonly entityKey: readonly string[],
  ) {}
}

/** A recorded change. */
export type Operation = CreateEntityOperation | UpdateEntityOperation | DeleteEntityOperation;

/** An operation as the core shows it. */
export interface ShownOperation {
  operation: string;
  entityType: string;
  entityKey: string[];
  entityData?: Record<string, unknown>;
  attributeName?: string;
  oldValue?: unknown;
  newValue?: unknown;
}

/** Makes an operation of what the core shows, with the session's entities in it. */
export function operationFrom(records: Records, shown: ShownOperation): Operation {
  const { entityType, entityKey } = shown;
  const read = (value: unknown): unknown => readWritten(records, value);
  if (shown.operation === "create") {
    const data = Object.entries(shown.entityData ?? {}).map(([name, value]): [string, unknown] => [name, read(value)]);
    return Object.freeze(new CreateEntityOperation(entityType, entityKey, Object.freeze(Object.fromEntries<unknown>(data))));
  }
  if (shown.operation === "delete") return Object.freeze(new DeleteEntityOperation(entityType, entityKey));
  return Object.freeze(new UpdateEntityOperation(entityType, entityKey, shown.attributeName ?? "", read(shown.oldValue), read(shown.newValue)));
}

/** The changes that the next commit sends, oldest first: a live view. */
export class Operations implements Iterable<Operation> {
  readonly #commands: Commands;
  readonly #records: Records;

  static {
    nameObjects(this, "Operations");
  }

  /** @internal */
  constructor(commands: Commands, records: Records) {
    this.#commands = commands;
    this.#records = records;
  }

  /** How many there are. */
  get length(): number {
    return this.#shown().length;
  }

  /** Goes over the operations as they stand when it is called. */
  [Symbol.iterator](): IterableIterator<Operation> {
    return this.#shown()
      .map((shown) => operationFrom(this.#records, shown))
      .values();
  }

  /**
   * Appends an operation of one's own; its entity need not be loaded. It is checked as any change is, and sent as it is: no
   * entity's value changes before the commit.
   */
  push(operation: Operation): void {
    if (!["create", "update", "delete"].includes((operation as Partial<Operation> | undefined)?.operation as string)) {
      throw new InvalidArgumentError("push: give a CreateEntityOperation, an UpdateEntityOperation or a DeleteEntityOperation");
    }
    const { entityType, entityKey } = operation;
    const shown: ShownOperation = { operation: operation.operation, entityType, entityKey: [...entityKey] };
    const written = (value: unknown, name: string): unknown => writtenValue(this.#records, value, `${entityType}.${name}`);
    if (operation.operation === "create") {
      shown.entityData = Object.fromEntries(Object.entries(operation.entityData).map(([name, value]) => [name, written(value, name)]));
    } else if (operation.operation === "update") {
      shown.attributeName = operation.attributeName;
      if (operation.oldValue !== undefined) shown.oldValue = written(operation.oldValue, operation.attributeName);
      shown.newValue = written(operation.newValue, operation.attributeName);
    }
    this.#commands.run({ op: "push", operation: shown });
  }

  /** Takes the newest operation away and gives it; `undefined` when there is none. Values of entities stay as they are. */
  pop(): Operation | undefined {
    const shown = this.#commands.run({ op: "pop" }) as ShownOperation | null;
    return shown ? operationFrom(this.#records, shown) : undefined;
  }

  /** Takes all operations away. Values of entities stay as they are; `rollback` takes those back too. */
  clear(): void {
    this.#commands.run({ op: "clear" });
  }

  #shown(): ShownOperation[] {
    return this.#commands.run({ op: "operations" }) as ShownOperation[];
  }
}
