import { signal as signalCheck } from "./arguments.js";
import type { Checks } from "./arguments.js";
import type { Commands } from "./commands.js";
import type { Core } from "./core.js";
import { isEntity, stateOf } from "./entity.js";
import type { Entity } from "./entity.js";
import { AbortedError, InvalidArgumentError } from "./errors.js";
import { Operations, operationFrom } from "./operations.js";
import type { Operation, ShownOperation } from "./operations.js";
import type { Records } from "./records.js";
import type { OwnOperation, SentOperations } from "./sender.js";
import { writtenValue } from "./written-value.js";

/** What is given for `commit`. */
export interface CommitOptions {
  /**
   * Ends the waiting. A commit that has not left rejects with the signal's reason; one that has left rejects with
   * `CommitOutcomeUnknownError`.
   */
  signal?: AbortSignal;
  /** What becomes of more operations than one request may hold: an `OperationError` (the default), or several requests. */
  onTooLarge?: "refuse" | "split";
}

export const COMMIT_OPTIONS: Checks<CommitOptions> = {
  signal: signalCheck,
  onTooLarge: ['"refuse" or "split"', (value: unknown) => value === "refuse" || value === "split"],
};

/** What the server has of a recorded operation, as `reconcile` finds out. */
export interface Verdict {
  readonly operation: Operation;
  /** `undecidable`: the entity has neither the new value nor the one from before. */
  readonly verdict: "applied" | "not applied" | "undecidable";
}

/** The changes of a session: made at once locally, recorded, and sent by `commit`. */
export class UnitOfWork {
  readonly operations: Operations;
  readonly #core: Core;
  readonly #session: number;
  readonly #records: Records;
  readonly #commands: Commands;
  /** Created entities stay the same objects until they are committed, whoever holds them. */
  readonly #created = new Set<Entity>();
  #recording = true;

  constructor(core: Core, session: number, records: Records, commands: Commands) {
    this.#core = core;
    this.#session = session;
    this.#records = records;
    this.#commands = commands;
    this.operations = new Operations(commands, records);
  }

  get recording(): boolean {
    return this.#recording;
  }

  set recording(on: boolean) {
    this.#commands.run({ op: "recording", on });
    this.#recording = on;
  }

  create(type: string, data: Readonly<Record<string, unknown>>): Entity {
    const { record } = this.#commands.run({ op: "create", type, values: this.#written(type, data) }) as { record: number };
    const entity = this.#records.object(record);
    this.#created.add(entity);
    return entity;
  }

  delete(entity: Entity): void {
    this.#commands.run({ op: "delete", record: this.#handle(entity, "delete") });
  }

  rollback(): void {
    this.#commands.run({ op: "rollback" });
    this.#created.clear();
  }

  async commit({ signal, onTooLarge = "refuse" }: CommitOptions = {}): Promise<void> {
    try {
      await this.#core.request(this.#session, "commit", { onTooLarge }, { signal, patient: true });
    } catch (error) {
      if (signal?.aborted && error instanceof AbortedError) throw signal.reason;
      throw error;
    }
    if (this.operations.length === 0) this.#created.clear();
  }

  async reconcile(signal?: AbortSignal): Promise<Verdict[]> {
    const answer = await this.#core.request(this.#session, "reconcile", {}, { signal });
    const verdicts = JSON.parse(answer.kind === "value" ? answer.text : "[]") as { operation: ShownOperation; verdict: Verdict["verdict"] }[];
    return verdicts.map(({ operation, verdict }) => Object.freeze({ operation: operationFrom(this.#records, operation), verdict }));
  }

  async reset(signal?: AbortSignal): Promise<void> {
    await this.#core.request(this.#session, "reset", {}, { signal });
    this.#created.clear();
  }

  async ensure(type: string, data: Readonly<Record<string, unknown>>, identifyingKeys: readonly string[] | undefined, signal?: AbortSignal): Promise<Entity> {
    if (identifyingKeys && !(Array.isArray(identifyingKeys) && identifyingKeys.every((name) => typeof name === "string"))) {
      throw new InvalidArgumentError("ensure: the identifying keys must be a list of attribute names");
    }
    const payload = { type, data: this.#written(type, data), identifyingKeys: identifyingKeys ?? [] };
    const page = await this.#core.request(this.#session, "ensure", payload, { signal });
    return this.#records.page(page.kind === "page" ? page.handles : new Int32Array())[0]!;
  }

  /** Sends operations in one request of their own, in the name of what was called; what is recorded stays as it is. */
  async send(caller: string, operations: readonly OwnOperation[], signal?: AbortSignal): Promise<SentOperations> {
    const held = operations.map((operation) => ("update" in operation ? operation.update : undefined)); // until it is done, or a sweep could give their places to others
    const written = operations.map((operation) => {
      if ("create" in operation) return { action: "create", type: operation.create, values: this.#written(operation.create, operation.values) };
      if ("update" in operation) return { action: "update", record: this.#handle(operation.update, caller), values: this.#written(operation.update.entityType, operation.values) };
      if ("delete" in operation) return { action: "delete", record: this.#handle(operation.delete, caller) };
      return { raw: operation.action };
    });
    const answer = await this.#core.request(this.#session, "send", { caller, operations: written }, { signal });
    const { records, replies } = JSON.parse(answer.kind === "value" ? answer.text : "{}") as { records: number[]; replies: unknown[] };
    return { entities: records.map((record, i) => held[i] ?? (record ? this.#records.object(record) : null)), replies };
  }

  /** Does a search, which is a question: the entities that it found, and what the server says beside them. */
  async search(operation: Readonly<Record<string, unknown>>, signal?: AbortSignal): Promise<{ data: Entity[]; metadata: unknown }> {
    const answer = await this.#core.request(this.#session, "search", { operation }, { signal });
    const { records, metadata } = JSON.parse(answer.kind === "value" ? answer.text : "{}") as { records: number[]; metadata: unknown };
    return { data: records.map((record) => this.#records.object(record)), metadata };
  }

  /** The entities in a state, in the order of their first change. */
  inState(state: "created" | "modified" | "deleted"): Entity[] {
    const states = this.#commands.run({ op: "states" }) as Record<typeof state, number[]>;
    return states[state].map((record) => this.#records.object(record));
  }

  #written(type: string, data: Readonly<Record<string, unknown>>): Record<string, unknown> {
    return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, writtenValue(this.#records, value, `${type}.${name}`)]));
  }

  #handle(entity: Entity, caller: string): number {
    if (!isEntity(entity)) throw new InvalidArgumentError(`${caller}: the argument is no entity`);
    if (stateOf(entity).records !== this.#records) throw new InvalidArgumentError(`${caller}: the ${entity.entityType} is of another session`);
    return stateOf(entity).handle;
  }
}
