/// <reference lib="esnext.disposable" preserve="true" />
import { CALL_OPTIONS, checkArgument, optionsOf, text, values } from "./arguments.js";
import { CacheStore } from "./cache-store.js";
import type { CallOptions, Key } from "./call-options.js";
import { Commands } from "./commands.js";
import { Components } from "./components.js";
import type { Core } from "./core.js";
import { checkStrategy, encodable, entitiesIn, foreign, reference } from "./encoding.js";
import type { EntityAttributeStrategy } from "./encoding.js";
import type { Entity, EntityClass } from "./entity.js";
import { EntityClasses } from "./entity-classes.js";
import type { CreateData } from "./entity-data.js";
import { InvalidArgumentError } from "./errors.js";
import type { EventHub } from "./event-hub.js";
import type { ConnectionClosedError, CoreCrashedError } from "./errors.js";
import type { DefaultEntities } from "./generated/entities.js";
import { forgetReplies } from "./idb/names.js";
import { Kept } from "./kept.js";
import { KeptLife } from "./kept-life.js";
import { StringKeyMaker } from "./key-makers.js";
import type { KeyMaker } from "./key-makers.js";
import type { LayeredCache } from "./layered-cache.js";
import { LiveLists, type LiveList } from "./live-lists.js";
import { MissCollector } from "./miss-collector.js";
import { nameObjects } from "./object-name.js";
import { openInCore } from "./opening.js";
import type { Opening } from "./opening.js";
import type { SessionOptions } from "./options.js";
import { Query, checkQueryOptions } from "./query.js";
import type { Operations } from "./operations.js";
import type { QueryOptions } from "./query.js";
import type { Policy } from "./policy.js";
import { Populating } from "./populating.js";
import { Records } from "./records.js";
import { Sender } from "./sender.js";
import type { OwnOperation, SentOperations } from "./sender.js";
import { SessionHelpers } from "./session-helpers.js";
import { entityTypes } from "./schema.js";
import type { EntityType } from "./schema.js";
import { SessionEvents } from "./session-events.js";
import { openWidget } from "./widget.js";
import type { WidgetOptions } from "./widget.js";
import type { ServerInformation } from "./server-information.js";
import { switched } from "./synchronous.js";
import { COMMIT_OPTIONS, UnitOfWork } from "./unit-of-work.js";
import type { CommitOptions, Verdict } from "./unit-of-work.js";
import { uploadStore } from "./upload-store.js";
import { Watches } from "./watches.js";
import { readWritten } from "./written-value.js";

/** A row of an aggregate: a plain object. */
export type PlainRow = Readonly<Record<string, unknown>>;

/**
 * Any row type by what `query` is given: an entity type's name, or the type of the rows themselves. The condition says nothing of `Entities`, or
 * no session would be assignable to one with fewer or plainer types.
 */
export type RowOf<Entities, T> = T extends string ? Entities[T & keyof Entities] : T;

const asyncDispose: typeof Symbol.asyncDispose = Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose");

/**
 * A connection to an ftrack server, with the entities that came over it: one object per identity. The type parameter names
 * the entity types, by default those of a plain ftrack server.
 *
 * @example
 * const session = await Session.open({ serverUrl, apiKey, apiUser });
 * for await (const task of session.query<"Task">("select name, status.name from Task")) console.log(task.name, task.status?.name);
 */
export class Session<out Entities = DefaultEntities> extends SessionHelpers {
  /** Address of the server, without a slash at the end. */
  readonly serverUrl: string;
  readonly apiUser: string;
  /** Whether `load` fetches what is missing. */
  autoPopulate: boolean;
  /** Where queries take their rows from. */
  readonly policy: Policy;
  /** What this browser keeps of what the server sends; `undefined` where nothing is kept. */
  readonly kept: Kept | undefined;
  /** Makes the keys of what is in `cache`. */
  readonly cacheKeyMaker: KeyMaker;

  /** @internal */ readonly commands: Commands;
  /** @internal */ readonly loader: MissCollector;
  /** @internal */ readonly components: Components;
  /** @internal */ readonly watches = new Watches();
  /** @internal */ readonly lives: LiveLists;

  readonly #core: Core;
  readonly #id: number;
  readonly #records: Records;
  readonly #classes: EntityClasses;
  readonly #schemaText: string;
  readonly #life: KeptLife;
  readonly #cached: CacheStore | undefined;
  readonly #populating: Populating;
  readonly #work: UnitOfWork;
  readonly #events: SessionEvents;
  #schemas: readonly unknown[] | undefined;
  #closing: Promise<void> | undefined;

  static {
    nameObjects(this, "Session");
  }

  private constructor(opening: Opening, options: SessionOptions) {
    super();
    const { core, opened, schemas, settings, replies, policy, transfers } = opening;
    this.#core = core;
    this.#id = opened.session;
    this.#schemaText = schemas;
    this.#life = new KeptLife(opening, options.logger ?? console);
    this.kept = replies && new Kept(core, this.#id, replies);
    this.#cached = replies instanceof CacheStore ? replies : undefined;
    this.cacheKeyMaker = options.cacheKeyMaker ?? new StringKeyMaker();
    this.serverUrl = opened.serverUrl;
    this.apiUser = opened.apiUser;
    this.autoPopulate = options.autoPopulate ?? true;
    this.policy = policy;
    const types = entityTypes(opened.types);
    this.#classes = new EntityClasses(types, options.entityTypes);
    const self = this as unknown as Session;
    this.#records = new Records(self, core, this.#id, types, (type) => this.#classes.of(type));
    this.commands = new Commands(core, this.#id, (handles) => this.watches.notify(handles));
    this.lives = new LiveLists(core, this.#id, this.#records, this.commands);
    this.#work = new UnitOfWork(core, this.#id, this.#records, this.commands);
    this.components = new Components(new Sender(self, transfers), transfers);
    this.#populating = new Populating(core, this.#id, this.#records);
    this.loader = new MissCollector(self, (entities, projections) => this.#populating.run(entities, projections));
    this.#events = new SessionEvents(self, core, this.#id, this.commands, settings.sockets, options);
    core.attach(this.#id, {
      settings,
      deliver: (text) => this.#events.hub.deliver(text),
      ...this.lives.link, changed: (handles) => this.watches.notify(handles),
      refused: () => this.#life.refused(),
      died: () => {
        this.#leave();
        void this.#life.end();
      },
    });
  }

  /**
   * Opens a session: loads the module where it is not loaded yet, and asks the server about itself and its schemas.
   *
   * @throws {InvalidArgumentError} for a missing, wrong or unknown option
   * @throws {ModuleLoadError} {@link ServerError} {@link NetworkError} {@link ServerCompatibilityError}
   */
  static async open<Entities = DefaultEntities>(options: SessionOptions = {}): Promise<Session<Entities>> {
    const opening = await openInCore(options);
    let session: Session<Entities>;
    try {
      session = new Session<Entities>(opening, options);
      const { cache } = options;
      if (typeof cache === "function") await session.#cached?.useThatOf(() => cache(session as unknown as Session));
    } catch (error) {
      opening.discard();
      throw error;
    }
    try {
      await session.#start();
      return session;
    } catch (error) {
      void session.close();
      throw error;
    }
  }

  /**
   * Opens a session in a dashboard or an action's window, with the credentials that the ftrack page around it sends. Messages of other
   * origins than the allowed ones are left alone.
   */
  static async fromWidget<Entities = DefaultEntities>(options: WidgetOptions): Promise<Session<Entities>> {
    return openWidget(options, (session) => Session.open<Entities>(session));
  }

  /** Publishes and receives events. */
  get eventHub(): EventHub {
    return this.#events.hub;
  }

  /** Erases what this browser keeps of a user's queries, and of uploads to go on with; an error where it does not answer. Close the user's sessions first: what they fetch is kept again. */
  static async forget(of: { serverUrl: string; apiUser: string }): Promise<void> {
    const { serverUrl, apiUser } = (of ?? {}) as Partial<typeof of>;
    if (typeof serverUrl !== "string" || typeof apiUser !== "string") throw new InvalidArgumentError("Session.forget: it takes { serverUrl, apiUser }");
    const server = serverUrl.replace(/\/$/, "");
    await Promise.all([forgetReplies(server, apiUser), uploadStore.forget(server, apiUser)]);
  }

  /** What the server says of itself. A session that opened before the server answered knows the hash of its schemas, and the rest later. */
  get serverInformation(): ServerInformation {
    return this.#life.information;
  }

  /**
   * Where the session keeps what the server sends: a memory layer above the option `cache`, of which it shows what is this session's;
   * `undefined` where IndexedDB keeps it, or nothing does. Entities are under the keys that `cacheKeyMaker` makes of their `identity`:
   * to remove one has `get` ask the server again. It never fails.
   */
  get cache(): LayeredCache<string> | undefined {
    return this.#cached?.cache;
  }

  /** The server's schemas, as it sent them. */
  get schemas(): readonly unknown[] {
    return (this.#schemas ??= Object.freeze(JSON.parse(this.#schemaText) as unknown[]));
  }

  /** The classes of the entity types, by name; `entity instanceof session.types.TypedContext`. */
  get types(): Readonly<Record<string, EntityClass>> {
    return this.#classes.byName;
  }

  /** Whether the server answered when it was asked last. A session that opened without it goes on by itself once it answers. */
  get online(): boolean {
    return this.#life.online;
  }

  /** Whether the session has ended: `close` was called, or its core died. */
  get closed(): boolean {
    return this.#records.gone;
  }

  /**
   * An expression of ftrack's query language and, on demand, its rows. Build it with `ftql` when values come from
   * elsewhere. Name the entity type for TypeScript: `query<"Task">(...)`; give a type of your own for the rows of aggregates.
   */
  query<T extends (keyof Entities & string) | object = keyof Entities & string>(expression: string, options: QueryOptions = {}): Query<RowOf<Entities, T>> {
    checkArgument("query", "expression", expression, text);
    return new Query(this.#core, this.#id, this.#records, expression, checkQueryOptions(options));
  }

  /** A query whose rows stay right by themselves: through the event hub, the session's own changes, and what it reads. */
  live<T extends (keyof Entities & string) | object = keyof Entities & string>(expression: string): LiveList<RowOf<Entities, T>> {
    return this.lives.open<RowOf<Entities, T>>(expression);
  }

  /** The entity with a primary key, `null` without one. A key of several parts is an array in the schema's order. */
  async get<T extends keyof Entities & string>(entityType: T, key: Key | readonly Key[], options: CallOptions = {}): Promise<Entities[T] | null> {
    this.#alive();
    const parts = typeof key === "object" ? key : [key];
    checkArgument("get", "entity type", entityType, text);
    if (!Array.isArray(parts) || !parts.every((part) => typeof part === "string" || typeof part === "number")) {
      throw new InvalidArgumentError("get: the key must be text, or an array of the key's parts");
    }
    const page = await this.#core.request(this.#id, "get", { type: entityType, key: parts }, optionsOf("get", options, CALL_OPTIONS));
    return page.kind === "page" ? ((this.#records.page(page.handles)[0] ?? null) as Entities[T] | null) : null;
  }

  /**
   * Fetches projections (`"name, status.name"`, or an array) for entities, as far as they are not loaded; without any, all
   * attributes. Local changes stay.
   */
  async populate(entities: Entity | Iterable<Entity>, projections: string | readonly string[] = [], options: CallOptions = {}): Promise<void> {
    await this.#populating.run(entities, projections, optionsOf("populate", options, CALL_OPTIONS));
  }

  /**
   * Makes an entity that the next commit creates, with an id and the schema's defaults at once. What the schema calls required
   * may be left out: the server fills it.
   *
   * @throws {AttributeError} {@link OperationError} {@link UnrecognisedEntityTypeError}
   */
  create<T extends keyof Entities & string>(entityType: T, data: CreateData<Entities[T]> = {}): Entities[T] {
    this.#alive();
    checkArgument("create", "entity type", entityType, text);
    checkArgument("create", "data", data, values);
    return this.#work.create(entityType, data) as Entities[T];
  }

  /** Marks an entity as deleted; the next commit deletes it on the server, with what the server deletes with it. */
  delete(entity: Entity): void {
    this.#alive();
    this.#work.delete(entity);
  }

  /**
   * The entity of a type that has the values of the identifying keys (all of `data` by default): the one on the server, with what
   * else `data` holds written to it where it differs, or a new one. One query and at most one write, which holds nothing of what
   * is recorded.
   *
   * @throws {MultipleResultsFoundError}
   */
  async ensure<T extends keyof Entities & string>(
    entityType: T,
    data: CreateData<Entities[T]>,
    identifyingKeys?: readonly (keyof CreateData<Entities[T]> & string)[],
    options: CallOptions = {},
  ): Promise<Entities[T]> {
    this.#alive();
    checkArgument("ensure", "entity type", entityType, text);
    checkArgument("ensure", "data", data, values);
    return (await this.#work.ensure(entityType, data, identifyingKeys, optionsOf("ensure", options, CALL_OPTIONS).signal)) as Entities[T];
  }

  /**
   * Sends what is recorded in one request. When it fails, operations and local values are as they were; the error holds the
   * batch. What is recorded meanwhile stays for the next commit, and a second commit waits for the first.
   *
   * @throws {ServerError} {@link CommitOutcomeUnknownError} when no answer came: see `reconcile`
   */
  async commit(options: CommitOptions = {}): Promise<void> {
    this.#alive();
    await this.#work.commit(optionsOf("commit", options, COMMIT_OPTIONS));
  }

  /**
   * Asks the server which of the recorded operations it has, after a `CommitOutcomeUnknownError`. What it has applied is no longer
   * recorded then; everything else stays for the next commit.
   */
  async reconcile(options: CallOptions = {}): Promise<Verdict[]> {
    this.#alive();
    return this.#work.reconcile(optionsOf("reconcile", options, CALL_OPTIONS).signal);
  }

  /** Takes everything that is recorded back: local values, created and deleted entities. */
  rollback(): void {
    this.#alive();
    this.#work.rollback();
  }

  /** Starts afresh without a new session: what is recorded is taken back, and no value counts as loaded any more. */
  async reset(options: CallOptions = {}): Promise<void> {
    this.#alive();
    await this.#work.reset(optionsOf("reset", options, CALL_OPTIONS).signal);
  }

  /** The changes that the next commit sends. */
  get recordedOperations(): Operations {
    return this.#work.operations;
  }

  /** Whether changes are recorded. */
  get recordOperations(): boolean {
    return this.#work.recording;
  }

  set recordOperations(on: boolean) {
    this.#work.recording = on;
  }

  /** Runs `fn` with `recordOperations` set to `flag`, and sets it back. `fn` must be synchronous: others run while one waits. */
  operationRecording<T>(flag: boolean, fn: () => T): T {
    return switched("operationRecording", this, "recordOperations", flag, fn);
  }

  /** The entities that the next commit creates, in the order in which they were made. */
  get created(): Entity[] {
    return this.#work.inState("created");
  }

  /** The entities that have recorded updates, in the order of their first change. */
  get modified(): Entity[] {
    return this.#work.inState("modified");
  }

  /** The entities that the next commit deletes. */
  get deleted(): Entity[] {
    return this.#work.inState("deleted");
  }

  /** An entity as requests name it: its type and its primary key. */
  entityReference(entity: Entity): Readonly<Record<string, string>> {
    return Object.freeze(reference(entity));
  }

  /** Posts raw operations in one request and gives the server's replies, parsed and otherwise as they are. */
  async call(operations: readonly object[], options: CallOptions = {}): Promise<unknown[]> {
    this.#alive();
    if (!Array.isArray(operations)) throw new InvalidArgumentError("call: the operations must be an array");
    const replies = await this.#core.request(this.#id, "call", { operations }, optionsOf("call", options, CALL_OPTIONS));
    return JSON.parse(replies.kind === "value" ? replies.text : "[]") as unknown[];
  }

  /**
   * Reads JSON text of the API: entities become those of this session, with what the text says of them merged; tagged date-times
   * become Dates, tagged dates text.
   */
  decode(text: string): unknown {
    this.#alive();
    return readWritten(this.#records, this.commands.run({ op: "decode", value: JSON.parse(text) as unknown }));
  }

  /**
   * Writes a value as JSON of the API: entities with their attributes, those that they name by type and key. With `all`
   * everything is loaded first.
   */
  async encode(data: unknown, strategy: EntityAttributeStrategy = "set_only"): Promise<string> {
    this.#alive();
    checkStrategy(strategy);
    if (strategy === "all") await this.populate(entitiesIn(data));
    return JSON.stringify(encodable(data, strategy));
  }

  /**
   * Merges entities of other sessions, alone or anywhere in arrays and plain objects, into this one, with what is loaded of
   * them; gives the same with this session's entities. The given value stays as it is.
   */
  merge<T>(value: T): T {
    this.#alive();
    return readWritten(this.#records, this.commands.run({ op: "decode", own: true, value: foreign(value, this as unknown as Session) })) as T;
  }

  /** Runs `fn` with `autoPopulate` set to `flag`, and sets it back. `fn` must be synchronous: others run while one waits. */
  autoPopulating<T>(flag: boolean, fn: () => T): T {
    return switched("autoPopulating", this, "autoPopulate", flag, fn);
  }

  /**
   * Ends the session and frees what the core holds of it. Calls that wait reject with `ConnectionClosedError`. What was
   * read of an entity since it last changed stays readable, the rest is `undefined`. Closing again does nothing.
   */
  close(): Promise<void> {
    this.#closing ??= this.closed ? Promise.resolve() : this.#close();
    return this.#closing;
  }

  async [asyncDispose](): Promise<void> {
    await this.close();
  }

  /** @internal Sends operations in one request of their own, in the name of what was called; what is recorded stays as it is. */
  async send(caller: string, operations: readonly OwnOperation[], signal?: AbortSignal): Promise<SentOperations> {
    this.#alive();
    return this.#work.send(caller, operations, signal);
  }

  /** @internal Does a search. */
  async searchServer(operation: Readonly<Record<string, unknown>>, signal?: AbortSignal): Promise<{ data: Entity[]; metadata: unknown }> {
    this.#alive();
    return this.#work.search(operation, signal);
  }

  /** @internal */
  entityTypeNamed(name: string): EntityType | undefined {
    return this.#classes.type(name);
  }

  /** @internal What a call meets once the session has ended. */
  closedError(): ConnectionClosedError | CoreCrashedError {
    return this.#core.closedError();
  }

  /** @internal */
  coreStatistic(what: number): number {
    return this.#core.dead ? 0 : this.#core.exports.ftrack_stats(this.#id, what);
  }

  /** @internal */
  collectCore(): number {
    return this.#core.dead ? 0 : this.#core.exports.ftrack_gc();
  }

  /** What stands for a session in JSON: nothing secret. */
  readonly toJSON = (): { serverUrl: string; apiUser: string } => ({ serverUrl: this.serverUrl, apiUser: this.apiUser });

  async #start(): Promise<void> {
    this.#classes.check(this.commands);
    await this.#events.start(this.#classes);
    for (const [type, projections] of this.#classes.defaultProjections()) this.commands.run({ op: "defaults", type, projections });
  }

  async #close(): Promise<void> {
    const { plugged } = this.#events;
    const unplugged = this.#events.unplug();
    if (plugged) await unplugged;
    const closing = this.#core.request(this.#id, "close", {});
    this.#leave();
    await closing;
    this.#core.detach(this.#id);
    await this.#life.end();
  }

  #leave(): void {
    this.#records.leave();
    this.watches.clear();
    this.#events.hub.leave();
    this.lives.clear();
  }

  #alive(): void {
    if (this.closed) throw this.closedError();
  }
}
