import { flag, optionsOf, signal } from "./arguments.js";
import type { Checks } from "./arguments.js";
import { Collection } from "./collection.js";
import { CustomAttributes } from "./custom-attributes.js";
import { KeyedCollection } from "./keyed-collection.js";
import { isEntity, readAttribute, stateOf } from "./entity.js";
import type { Entity, LoadOptions } from "./entity.js";
import { InvalidArgumentError } from "./errors.js";
import { segmentsOf } from "./paths.js";
import type { Segment } from "./paths.js";
import type { Session } from "./session.js";
import { inOwnTask } from "./task-queue.js";

/** What the misses of one tick add up to for one entity, and who waits for it. */
interface Want {
  readonly projections: Set<string>;
  readonly fetched: Promise<void>;
  resolve(): void;
  reject(reason: unknown): void;
}

const LOAD_OPTIONS: Checks<LoadOptions> = { autoPopulate: flag, page: flag, signal };

/** Fetches what a session's entities lack. The misses of one tick meet: entities that lack the same go together. */
export class MissCollector {
  readonly #session: Session;
  readonly #populate: (entities: readonly Entity[], projections: readonly string[]) => Promise<void>;
  #wanted: Map<Entity, Want> | undefined;
  /** Pages whose rows were looked through in this tick already, with the projections. */
  #pages = new Map<object, Set<string>>();

  constructor(session: Session, populate: (entities: readonly Entity[], projections: readonly string[]) => Promise<void>) {
    this.#session = session;
    this.#populate = populate;
  }

  /** The values at the end of each path, fetched where they are missing. */
  async load(entity: Entity, paths: readonly string[], options: LoadOptions | null | undefined): Promise<unknown[]> {
    const { autoPopulate = this.#session.autoPopulate, page = true, signal } = optionsOf<LoadOptions>("load", options, LOAD_OPTIONS);
    signal?.throwIfAborted();
    if (!paths.length) throw new InvalidArgumentError("load: name at least one attribute");
    const all = Promise.all(
      paths.map((path) => {
        if (typeof path !== "string" || !path) throw new InvalidArgumentError(`load: a path is text such as "parent.name", not ${String(path)}`);
        return this.#loadPath(entity, segmentsOf(path), autoPopulate, page);
      }),
    );
    return signal ? abortable(all, signal) : all;
  }

  async #loadPath(entity: Entity, path: readonly Segment[], fetching: boolean, page: boolean): Promise<unknown> {
    const reach = this.#declared(entity, path);
    const near = path.slice(0, reach);
    const far = path.slice(reach);
    if (fetching && missing(entity, near)) {
      if (this.#session.closed) throw this.#session.closedError();
      await this.#fetch(entity, near.map((segment) => segment.text).join("."), near, page);
    }
    const found = follow(entity, near);
    if (!far.length) return found;
    // Behind a relation of a base type the schema knows no further: what came tells the concrete type, which does.
    return onEach(found, (next) => this.#loadPath(next, far, fetching, page));
  }

  /** How many segments of a path can be fetched at once, judged by the types that the schema declares. */
  #declared(entity: Entity, path: readonly Segment[]): number {
    let type = this.#session.entityTypeNamed(entity.entityType);
    for (const [at, { name, cast, text }] of path.entries()) {
      const attribute = type?.attributes.get(name);
      if (!attribute) {
        if (at > 0 || readAttribute(entity, name) !== undefined) return Math.max(at, 1);
        throw new InvalidArgumentError(`load: ${entity.entityType} has no attribute "${name}"`);
      }
      if (attribute.restricted) throw new InvalidArgumentError(`load: the server gives "${name}" of ${type!.name} in filters only`);
      if (!attribute.target) {
        if (at < path.length - 1) throw new InvalidArgumentError(`load: "${text}" of ${type!.name} is no relation, so the path ends there`);
        return at + 1;
      }
      if (at < path.length - 1 && attribute.keyed) return at + 1;
      type = this.#session.entityTypeNamed(cast ?? attribute.target);
    }
    return path.length;
  }

  /** Joins the request that this tick will make, for the entity and the rows around it. */
  #fetch(entity: Entity, projection: string, path: readonly Segment[], page: boolean): Promise<void> {
    const fetched = this.#want(entity, projection);
    const { page: rows, records, type } = stateOf(entity);
    if (page && rows) {
      const seen = this.#pages.get(rows) ?? new Set();
      this.#pages.set(rows, seen);
      const mark = `${type.name} ${projection}`;
      if (!seen.has(mark)) {
        seen.add(mark);
        for (const handle of rows.handles) {
          const row = records.living(handle);
          if (!row || row === entity) continue;
          const state = stateOf(row);
          // A handle may have gone to another entity since; that one is of no page, or of another.
          if (state.page === rows && state.type === type && missing(row, path)) this.#want(row, projection).catch(() => undefined);
        }
      }
    }
    return fetched;
  }

  #want(entity: Entity, projection: string): Promise<void> {
    if (!this.#wanted) {
      this.#wanted = new Map();
      inOwnTask(() => this.#flush());
    }
    let want = this.#wanted.get(entity);
    if (!want) {
      let resolve!: () => void;
      let reject!: (reason: unknown) => void;
      const fetched = new Promise<void>((yes, no) => {
        resolve = yes;
        reject = no;
      });
      want = { projections: new Set(), fetched, resolve, reject };
      this.#wanted.set(entity, want);
    }
    want.projections.add(projection);
    return want.fetched;
  }

  #flush(): void {
    const wanted = this.#wanted!;
    this.#wanted = undefined;
    this.#pages.clear();
    const groups = new Map<string, { projections: string[]; entities: Entity[]; wants: Want[] }>();
    for (const [entity, want] of wanted) {
      const projections = [...want.projections].sort();
      const key = `${entity.entityType}\n${projections.join("\n")}`;
      let group = groups.get(key);
      if (!group) groups.set(key, (group = { projections, entities: [], wants: [] }));
      group.entities.push(entity);
      group.wants.push(want);
    }
    for (const { projections, entities, wants } of groups.values()) {
      this.#populate(entities, projections).then(
        () => wants.forEach((want) => want.resolve()),
        (reason: unknown) => wants.forEach((want) => want.reject(reason)),
      );
    }
  }
}

/** Whether something along a path is not loaded. */
function missing(entity: Entity, path: readonly Segment[]): boolean {
  const [segment, ...rest] = path;
  if (!segment) return false;
  const value = readAttribute(entity, segment.name);
  if (value === undefined) return true;
  if (value instanceof CustomAttributes) return !value.resolved;
  if (value instanceof KeyedCollection) return !value.loaded;
  if (value instanceof Collection) return !value.loaded || (rest.length > 0 && [...(value as Collection)].some((member) => missing(member, rest)));
  return isEntity(value) && missing(value, rest);
}

/** The value at the end of a path, of what is loaded. */
function follow(entity: Entity, path: readonly Segment[]): unknown {
  let found: unknown = entity;
  for (const [at, { name }] of path.entries()) {
    if (found instanceof KeyedCollection) return found.get(name);
    if (found instanceof Collection) return found.loaded ? [...(found as Collection)].map((member) => follow(member, path.slice(at))) : undefined;
    if (!isEntity(found)) return found;
    found = readAttribute(found, name);
  }
  return found;
}

/** Goes on behind what a path has led to. */
async function onEach(found: unknown, next: (entity: Entity) => Promise<unknown>): Promise<unknown> {
  if (isEntity(found)) return next(found);
  if (found instanceof Collection) return found.loaded ? Promise.all([...(found as Collection)].map(next)) : undefined;
  if (Array.isArray(found)) return Promise.all(found.map((inner: unknown) => onEach(inner, next)));
  return found;
}

async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop!: () => void;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
