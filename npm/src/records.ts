import { Cells } from "./cells.js";
import type { Command } from "./commands.js";
import type { Core } from "./core.js";
import { decodeTags, parseDateOnly, parseDateTime, parsePlainDateTime } from "./dates.js";
import type { Entity } from "./entity.js";
import { EntityState } from "./entity-state.js";
import type { Page } from "./entity-state.js";
import { EntityType } from "./schema.js";
import type { Attribute } from "./schema.js";
import type { Session } from "./session.js";
import { Sweep } from "./sweep.js";
import { inOwnTask } from "./task-queue.js";
import { decodeAscii, decodeQuoted, decodeUtf8, parseShortInteger } from "./text.js";
import { WeakTable } from "./weak-table.js";
import { readWritten, writtenValue } from "./written-value.js";
import type { WrittenValue } from "./written-value.js";

/** What `ftrack_read` says a value is. */
const enum Kind {
  NotLoaded,
  Null,
  False,
  True,
  Number,
  BigInteger,
  Ascii,
  Utf8,
  Escaped,
  DateTime,
  Date,
  Reference,
  List,
  Json,
}

/** Epoch of a session that is gone: no entity has it, so reads leave the fast way. */
const GONE = new Uint32Array([0xffffffff]);

/**
 * The records of one session as JavaScript sees them: one object per record, held weakly, and the way to its values.
 */
export class Records {
  readonly session: Session;
  /** By the core's number; grows with types that only replies know. */
  readonly #types: EntityType[];
  /** The word that changes with any value of the session. Empty once memory has grown: reads then renew it. */
  epoch: Uint32Array;
  /** Whether the core has these records no more; what was decoded stays readable. */
  gone = false;

  readonly #core: Core;
  readonly #id: number;
  readonly #epochAt: number;
  readonly #classFor: (type: EntityType) => new (state: EntityState) => Entity;
  readonly #cells: Cells;
  readonly #objects = new WeakTable();
  readonly #sweep: Sweep;
  readonly #textEncoder = new TextEncoder();
  readonly #expected = new Set<EntityType>();

  constructor(session: Session, core: Core, id: number, types: EntityType[], classFor: (type: EntityType) => new (state: EntityState) => Entity) {
    this.session = session;
    this.#types = types;
    this.#core = core;
    this.#id = id;
    this.#classFor = classFor;
    this.#epochAt = core.exports.ftrack_epoch(id) >>> 2;
    if (core.u8.length === 0) core.refresh();
    this.epoch = core.u32.subarray(this.#epochAt, this.#epochAt + 1);
    this.#cells = new Cells(core, id);
    this.#sweep = new Sweep(core, id, this.#objects);
  }

  /** The one object of a record. */
  object(handle: number, page?: Page): Entity {
    return this.#objects.get(handle) ?? this.#make(handle, this.#type(handle), page);
  }

  #make(handle: number, type: EntityType, page?: Page): Entity {
    const entity = new (this.#classFor(type))(new EntityState(this, handle, type, page));
    // An object of a base type may yet turn out to be of a derived one; all others are sealed.
    if (!type.derived) Object.preventExtensions(entity);
    this.#objects.set(handle, entity);
    this.#sweep.made(handle);
    return entity;
  }

  /**
   * The objects of a page of rows, which know each other as neighbours when one of them misses an attribute. `typeIndex` is
   * the number of the type that all of them have, if they do.
   */
  page(handles: Int32Array, typeIndex = -1): Entity[] {
    const page: Page = { handles };
    const type = this.#types[typeIndex];
    const rows = new Array<Entity>(handles.length);
    for (let i = 0; i < handles.length; i++) {
      const handle = handles[i]!;
      rows[i] = this.#objects.get(handle) ?? this.#make(handle, type ?? this.#type(handle), page);
    }
    return rows;
  }

  /**
   * Makes an object that stands for none, in a task of its own, so that the class of its type is there and the browser has compiled what
   * rows run through before the first ones come.
   */
  expect(typeName: string): void {
    const type = this.#types.find(({ name }) => name === typeName);
    if (!type || this.#expected.has(type)) return;
    this.#expected.add(type);
    inOwnTask(() => {
      if (this.gone) return;
      const page: Page = { handles: new Int32Array(0) };
      const entity = new (this.#classFor(type))(new EntityState(this, 0, type, page));
      if (!type.derived) Object.preventExtensions(entity);
      new WeakTable().set(0, entity);
      this.page(page.handles, 0);
    });
  }

  /** The living object of a record, if there is one. */
  living(handle: number): Entity | undefined {
    return this.#objects.get(handle);
  }

  /** Makes what was decoded so far the last that is known. */
  leave(): void {
    this.gone = true;
    this.epoch = GONE;
    this.#sweep.stop();
  }

  /**
   * Brings what was decoded of a record up to date: values stay while its version does.
   * @returns false when the record is gone, and what was decoded is all there is.
   */
  refresh(state: EntityState): boolean {
    if (this.gone) return false;
    const core = this.#core;
    let version = this.#cells.version(state.handle);
    if (version === 0) {
      try {
        version = core.exports.ftrack_version(this.#id, state.handle);
      } catch (error) {
        core.die(`the core broke: ${String(error)}`, error);
        return false;
      }
    }
    if (core.u8.length === 0) core.refresh();
    if (this.epoch.length === 0) this.epoch = core.u32.subarray(this.#epochAt, this.#epochAt + 1);
    if (version !== state.version) {
      state.renew(version);
      if (state.type.derived) this.#refine(state);
    }
    state.epoch = this.epoch[0]!;
    return true;
  }

  /** The type of a record. One that no schema has, of a studio's making perhaps, has no accessors but its values. */
  #type(handle: number): EntityType {
    const core = this.#core;
    const index = core.exports.ftrack_type(this.#id, handle);
    const known = this.#types[index];
    if (known) return known;
    const length = index < 0 ? 0 : core.exports.ftrack_type_name(this.#id, index);
    if (core.u8.length === 0) core.refresh();
    const name = decodeUtf8(core.u8, core.buffer, length) || "Entity";
    const type = new EntityType({ name, base: null, primaryKey: ["id"], defaultProjections: [], attributes: [] }, undefined);
    if (index >= 0) this.#types[index] = type;
    return type;
  }

  /** Gives an entity that was first met under a base type its own class, once a reply has told it. */
  #refine(state: EntityState): void {
    const type = this.#type(state.handle);
    const entity = this.#objects.get(state.handle);
    if (!entity || type === state.type) return;
    state.become(type);
    Object.setPrototypeOf(entity, this.#classFor(type).prototype as object);
    if (!type.derived) Object.preventExtensions(entity);
  }

  /** The value of an attribute: `undefined` when it is not loaded. The state must be fresh. */
  read(state: EntityState, attribute: Attribute): unknown {
    const cells = this.#cells;
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- the core counts as this enum does
    const kind: Kind = cells.find(state.handle, attribute);
    if (kind === Kind.Number) {
      const number = parseShortInteger(this.#core.u8, cells.ptr, cells.length);
      if (!Number.isNaN(number)) return number;
    } else if (kind >= Kind.NotLoaded) {
      return this.#decode(kind, cells.ptr, cells.length, attribute.kind === "datetime", false);
    }
    return this.readSlot(state, attribute.slot, attribute.kind === "datetime", false);
  }

  /** Like `read`, without local changes. */
  remote(state: EntityState, attribute: Attribute): unknown {
    return this.refresh(state) ? this.readSlot(state, attribute.slot, attribute.kind === "datetime", false, true) : undefined;
  }

  /** Like `read`, for any slot; `raw` gives dates and references as the server wrote them. */
  readSlot(state: EntityState, slot: number, dates: boolean, raw: boolean, remote = false): unknown {
    const core = this.#core;
    let kind: number;
    try {
      kind = remote ? core.exports.ftrack_read_remote(this.#id, state.handle, slot) : core.exports.ftrack_read(this.#id, state.handle, slot);
    } catch (error) {
      core.die(`the core broke: ${String(error)}`, error);
      return undefined;
    }
    if (core.u8.length === 0) core.refresh();
    const at = core.scratch >>> 2;
    const ptr = core.u32[at]!;
    const length = core.u32[at + 1]!;
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- the core counts as this enum does
    const found: Kind = kind ^ core.readMark;
    return found === Kind.Number ? core.f64[(core.scratch + 8) >>> 3] : this.#decode(found, ptr, length, dates, raw);
  }

  /** The value of a kind, other than a number, whose bytes stand somewhere in the core's memory. */
  #decode(kind: Kind, ptr: number, length: number, dates: boolean, raw: boolean): unknown {
    const core = this.#core;
    switch (kind) {
      case Kind.NotLoaded:
        return undefined;
      case Kind.Null:
        return null;
      case Kind.False:
        return false;
      case Kind.True:
        return true;
      case Kind.BigInteger:
        return BigInt(decodeAscii(core.u8, ptr, length));
      case Kind.Ascii: {
        const text = decodeAscii(core.u8, ptr, length);
        return dates && !raw ? parseDateTime(text) : text;
      }
      case Kind.Utf8:
        return decodeUtf8(core.u8, ptr, length);
      case Kind.Escaped:
        return decodeQuoted(core.u8, ptr, length) ?? (JSON.parse(decodeUtf8(core.u8, ptr, length)) as string);
      case Kind.DateTime:
        if (raw) return decodeAscii(core.u8, ptr, length);
        return parsePlainDateTime(core.u8, ptr, length) ?? parseDateTime(decodeAscii(core.u8, ptr, length));
      case Kind.Date: {
        const text = decodeAscii(core.u8, ptr, length);
        return raw ? text : parseDateOnly(text);
      }
      case Kind.Reference:
        return this.object(ptr);
      case Kind.List:
        return Array.from(core.i32.slice(ptr >>> 2, (ptr >>> 2) + length), (handle) => this.object(handle));
      case Kind.Json: {
        const value: unknown = JSON.parse(decodeUtf8(core.u8, ptr, length));
        return raw ? value : freeze(decodeTags(value));
      }
      default:
        core.die(`the core broke: a read gave kind ${kind}`);
        return undefined;
    }
  }

  /** The slot of an attribute that the type's schema does not have, -1 when no reply had it either. */
  slot(state: EntityState, name: string): number {
    const bytes = this.#textEncoder.encode(name);
    if (this.gone || bytes.length > 4096) return -1;
    const core = this.#core;
    if (core.u8.length === 0) core.refresh();
    core.u8.set(bytes, core.buffer);
    return core.exports.ftrack_slot(this.#id, state.handle, core.buffer, bytes.length);
  }

  /** The names of the attributes of a record that are loaded, those that no schema has included. */
  loadedNames(state: EntityState): string[] {
    if (this.gone) return [...state.type.attributes.values()].filter(({ index }) => state.values[index] !== undefined).map(({ name }) => name);
    const core = this.#core;
    const count = core.exports.ftrack_slots(this.#id, state.handle);
    if (core.u8.length === 0) core.refresh();
    return Array.from(new Uint16Array(core.u8.buffer, core.buffer, count).slice(), (slot) => this.#slotName(state, slot));
  }

  #slotName(state: EntityState, slot: number): string {
    const known = state.type.nameAt(slot);
    if (known !== undefined) return known;
    const core = this.#core;
    const length = core.exports.ftrack_slot_name(this.#id, state.handle, slot);
    if (core.u8.length === 0) core.refresh();
    return decodeUtf8(core.u8, core.buffer, length);
  }

  /** See `writtenValue`. */
  written(value: unknown, place: string): WrittenValue {
    return writtenValue(this, value, place);
  }

  /** See `readWritten`. */
  readWritten(value: unknown): unknown {
    return readWritten(this, value);
  }

  /** The word that changes with any value of the session. */
  currentEpoch(): number {
    const core = this.#core;
    if (core.u8.length === 0) core.refresh();
    if (this.epoch.length === 0) this.epoch = core.u32.subarray(this.#epochAt, this.#epochAt + 1);
    return this.epoch[0]!;
  }

  /** Makes a change at once and gives its result; see `Commands.run`. */
  command(command: Command): unknown {
    if (this.gone) throw this.session.closedError();
    return this.session.commands.run(command);
  }

  /** Sets an attribute of a record to a value, which is JSON as commands have it. */
  set(handle: number, slot: number, value: string): void {
    if (this.gone) throw this.session.closedError();
    this.session.commands.set(handle, slot, value);
  }

  /** Asks the core to tell changes of a record, or no more. */
  watch(handle: number, on: boolean): void {
    if (!this.gone) this.#core.exports.ftrack_watch(this.#id, handle, on ? 1 : 0);
  }
}

/** JSON values are shared by all that read them. */
function freeze(value: unknown): unknown {
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  for (const inner of Object.values(value)) freeze(inner);
  return Object.freeze(value);
}
