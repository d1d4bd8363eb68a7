import { Collection, Entity, KeyedCollection, NotLoadedError, format, identity, primaryKey, rawValue, value } from "ftrack-wasm";
import { describe, expect, test } from "vitest";
import { tasks, uuid } from "./support/fake-server.js";
import type { Row } from "./support/fake-server.js";
import { openSession } from "./support/session.js";

/** A session that has loaded these rows of a type. */
async function loaded(rows: Row[], type = "Task") {
  const { session, server } = await openSession();
  server.rows.set(type, rows);
  const entities = await session.query(`select id from ${type}`).all();
  return { session, server, entities: entities as unknown as (Entity & Record<string, never>)[], entity: entities[0] as unknown as Entity & Record<string, unknown> };
}

const task = (extra: Row): Row => ({ __entity_type__: "Task", id: uuid(1), ...extra });

describe("reading", () => {
  test("tells empty on the server from not loaded", async () => {
    const { entity } = await loaded([task({ name: "a", description: null })]);
    expect(entity.name).toBe("a");
    expect(entity.description).toBeNull();
    expect(entity.bid).toBeUndefined();
  });

  test.each<[string, Row, string, unknown]>([
    ["short text", { name: "layout" }, "name", "layout"],
    ["empty text", { name: "" }, "name", ""],
    ["an id", { status_id: uuid(5) }, "status_id", uuid(5)],
    ["40 characters", { name: "x".repeat(40) }, "name", "x".repeat(40)],
    ["long text", { name: "lorem ipsum ".repeat(50) }, "name", "lorem ipsum ".repeat(50)],
    ["text beyond ASCII", { name: "Größe 🎬" }, "name", "Größe 🎬"],
    ["escaped text", { name: 'a "b" \\ \n \u2028 \t' }, "name", 'a "b" \\ \n \u2028 \t'],
    ["text that starts with a byte order mark", { name: "\ufeffx" }, "name", "\ufeffx"],
    ["a fraction", { bid: 3600.25 }, "bid", 3600.25],
    ["zero", { bid: 0 }, "bid", 0],
    ["a negative number", { bid: -1.5e-7 }, "bid", -1.5e-7],
    ["a large integer", { bid: Number.MAX_SAFE_INTEGER }, "bid", Number.MAX_SAFE_INTEGER],
    ["true", { is_latest_version: true }, "is_latest_version", true],
    ["false", { is_latest_version: false }, "is_latest_version", false],
    ["JSON", { link: [{ id: "p", name: "P", type: "Project" }] }, "link", [{ id: "p", name: "P", type: "Project" }]],
    ["an object", { thumbnail_url: { url: "http://x/é" } }, "thumbnail_url", { url: "http://x/é" }],
  ])("gives %s as it was sent", async (_what, row, name, expected) => {
    const type = name === "is_latest_version" ? "AssetVersion" : "Task";
    const { entity } = await loaded([{ __entity_type__: type, id: uuid(1), ...row }], type);
    expect(entity[name]).toEqual(expected);
    expect(value(entity, name)).toEqual(expected);
    expect(entity[name]).toBe(entity[name]);
  });

  test("gives lone surrogates as the browser's parser does", async () => {
    const { session, server } = await openSession();
    const text = `[{"action":"query","data":[{"__entity_type__":"Task","id":"1","name":"a\\ud800b"}],"metadata":{"next":{"offset":null}}}]`;
    server.answer = () => new Response(text);
    const [row] = await session.query<"Task">("select name from Task").all();
    expect(row!.name).toBe(JSON.parse('"a\\ud800b"'));
  });

  test("gives integers beyond 2^53 exactly", async () => {
    const { session, server } = await openSession();
    server.answer = () => new Response('[{"action":"query","data":[{"__entity_type__":"FileComponent","id":"1","size":9007199254740993}],"metadata":{"next":{"offset":null}}}]');
    const [row] = await session.query<"FileComponent">("select size from FileComponent").all();
    expect(row!.size).toBe(9007199254740993n);
    expect(JSON.parse(JSON.stringify(row))).toMatchObject({ size: "9007199254740993" });
  });

  test("freezes JSON values, which all readers share", async () => {
    const { entity } = await loaded([task({ link: [{ id: "p" }] })]);
    expect(Object.isFrozen(entity.link)).toBe(true);
    expect(Object.isFrozen((entity.link as object[])[0])).toBe(true);
  });

  test("follows references to the one object of an identity", async () => {
    const { entities } = await loaded(tasks(6));
    const statuses = entities.map((entity) => (entity as unknown as { status: Entity & { name: string } }).status);
    expect(statuses[0]).toBe(statuses[3]);
    expect(statuses[0]).not.toBe(statuses[1]);
    expect(statuses[1]!.name).toBe("status 1");
    expect(statuses[0]!.entityType).toBe("Status");
  });

  test("gives one object for one identity across queries", async () => {
    const { session, entity } = await loaded(tasks(2));
    const [again] = await session.query("select name from Task").all();
    expect(again).toBe(entity);
    expect(await session.get("Task", uuid(0))).toBe(entity);
  });

  test("sees what later replies changed", async () => {
    const { session, server, entity } = await loaded([task({ name: "old", bid: 1 })]);
    expect(entity.name).toBe("old");
    server.rows.set("Task", [task({ name: "new" })]);
    await session.query("select name from Task").all();
    expect(entity.name).toBe("new");
    expect(entity.bid).toBe(1);
  });

  test("reaches attributes that no schema has", async () => {
    const { entity } = await loaded([task({ name: "a", studio_extra: 7 })]);
    expect(value(entity, "studio_extra")).toBe(7);
    expect(value(entity, "never_heard_of")).toBeUndefined();
    expect(entity.snapshot()).toMatchObject({ studio_extra: 7 });
  });

  test("keeps entities of a type that no schema has", async () => {
    const { session, server } = await openSession();
    server.rows.set("Task", [{ __entity_type__: "Rig", id: uuid(1), name: "Hero" }]);
    const [row] = await session.query("select name from Task").all();
    expect(row!.entityType).toBe("Rig");
    expect(value(row!, "name")).toBe("Hero");
  });
});

describe("dates", () => {
  const datetime = (text: string) => ({ __type__: "datetime", value: text });

  test("are Dates, read as UTC where no zone is given", async () => {
    const { entity } = await loaded([task({ start_date: datetime("2024-10-29T22:00:00"), end_date: datetime("2024-10-29T22:00:00.250+02:00") })]);
    expect(entity.start_date).toEqual(new Date("2024-10-29T22:00:00Z"));
    expect(entity.end_date).toEqual(new Date("2024-10-29T20:00:00.250Z"));
    expect(rawValue(entity, "start_date")).toBe("2024-10-29T22:00:00");
  });

  test("are the same object until the value changes", async () => {
    const { session, server, entity } = await loaded([task({ name: "a", start_date: datetime("2024-10-29T22:00:00") })]);
    const date = entity.start_date;
    server.rows.set("Task", [task({ name: "b", start_date: datetime("2024-10-29T22:00:00") })]);
    await session.query("select name from Task").all();
    expect(entity.name).toBe("b");
    expect(entity.start_date).toBe(date);
    server.rows.set("Task", [task({ start_date: datetime("2024-10-30T22:00:00") })]);
    await session.query("select name from Task").all();
    expect(entity.start_date).toEqual(new Date("2024-10-30T22:00:00Z"));
  });

  test("without a time are text", async () => {
    const { entity } = await loaded([task({ start_date: { __type__: "date", value: "2024-10-29T00:00:00" } })]);
    expect(entity.start_date).toBe("2024-10-29");
  });
});

describe("an entity object", () => {
  test("refuses a misspelt assignment", async () => {
    const { entity } = await loaded([task({ name: "a" })]);
    expect(() => {
      entity.nmae = "b";
    }).toThrow(TypeError);
    expect(Object.isSealed(entity)).toBe(true);
  });

  test("refuses what would be lost in a collection or a mapping, and says how", async () => {
    const { entity } = await loaded([task({ name: "a", assignments: [] })]);
    const fields = entity as unknown as Record<string, Record<string, unknown>>;
    for (const name of ["assignments", "metadata", "custom_attributes"]) {
      expect(() => {
        fields[name]!.fps = 24;
      }).toThrow(TypeError);
    }
    expect(() => {
      entity.assignments = [];
    }).toThrow("Task.assignments cannot be assigned: use its set(entities), add and remove");
    expect(() => {
      entity.metadata = { fps: 24 };
    }).toThrow("Task.metadata cannot be assigned: use its set(key, value) and delete(key)");
  });

  test("is of its type and of those above", async () => {
    const { session, entity } = await loaded([task({ name: "a" })]);
    expect(entity.entityType).toBe("Task");
    expect(["Task", "TypedContext", "Context", "Project"].map((type) => entity.isA(type))).toEqual([true, true, true, false]);
    expect(entity).toBeInstanceOf(session.types.TypedContext);
    expect(entity).toBeInstanceOf(Entity);
    expect(entity.constructor.name).toBe("Task");
    expect(entity.session).toBe(session);
  });

  test("never makes accessors of names that mean something else", async () => {
    const { session, server } = await openSession();
    const hostile = ["then", "toJSON", "constructor", "__proto__", "load", "session", "hasOwnProperty", "entityType"];
    const row = `{"__entity_type__":"Task","id":"1",${hostile.map((name) => `${JSON.stringify(name)}:"evil"`).join()}}`;
    server.answer = () => new Response(`[{"action":"query","data":[${row}],"metadata":{"next":{"offset":null}}}]`);
    const [entity] = await session.query("select name from Task").all();
    expect(await Promise.resolve(entity)).toBe(entity);
    expect(entity!.entityType).toBe("Task");
    expect(entity).toBeInstanceOf(Entity);
    for (const name of hostile) expect(value(entity!, name)).toBe("evil");
    expect(({} as Record<string, unknown>).evil).toBeUndefined();
    expect(JSON.stringify(entity)).toContain('"__proto__":"evil"');
  });

  test("that was met under a base type first becomes what it is", async () => {
    const { session, server } = await openSession();
    server.rows.set("Task", [task({ parent: { __entity_type__: "Context", id: uuid(50), name: "early" } })]);
    const [first] = await session.query<"Task">("select parent.name from Task").all();
    const parent = first!.parent as unknown as Entity & Record<string, unknown>;
    expect([parent.entityType, parent.name, Object.isSealed(parent)]).toEqual(["Context", "early", false]);
    server.rows.set("Shot", [{ __entity_type__: "Shot", id: uuid(50), name: "late", bid: 5 }]);
    const [shot] = await session.query("select name, bid from Shot").all();
    expect(shot).toBe(parent);
    expect([parent.name, parent.bid, parent.entityType, Object.isSealed(parent)]).toEqual(["late", 5, "Shot", true]);
    expect(parent).toBeInstanceOf(session.types.Shot);
  });

  test("has the default projections that its class names, and wrong ones are told at once", async () => {
    const { session, server } = await openSession(undefined, { entityTypes: { Task: (Base) => class extends Base { static defaultProjections = ["name", "status.name"]; } } });
    server.rows.set("Task", [task({ name: "a" })]);
    await session.query("Task").all();
    await session.get("Task", uuid(1));
    expect(server.expressions.map((expression) => expression.replace(/ (offset|limit|where) .*/, ""))).toEqual(["select name, status.name from Task", "select name, status.name from Task"]);
    await expect(openSession(undefined, { entityTypes: { Task: (Base) => class extends Base { static defaultProjections = ["nmae"]; } } })).rejects.toThrow('default projections of Task: unknown attribute "nmae"');
  });

  test("gains methods by the option entityTypes", async () => {
    const { session, server } = await openSession(undefined, {
      entityTypes: {
        TypedContext: (Base) => class extends Base { shout() { return `${(this as unknown as { name: string }).name}!`; } },
        Task: (Base) => class extends Base { twice() { return (this as unknown as { shout(): string }).shout().repeat(2); } },
      },
    });
    server.rows.set("Task", [task({ name: "a" })]);
    const [entity] = (await session.query("select name from Task").all()) as unknown as { twice(): string }[];
    expect(entity!.twice()).toBe("a!a!");
  });

  test("tells its identity and key", async () => {
    const { session, server } = await openSession();
    server.rows.set("Metadata", [{ __entity_type__: "Metadata", parent_id: uuid(1), key: "k", value: "v", parent_type: "Task" }]);
    const [row] = await session.query("select value from Metadata").all();
    expect(identity(row!)).toEqual(["Metadata", [uuid(1), "k"]]);
    expect(primaryKey(row!)).toEqual({ parent_id: uuid(1), key: "k" });
    expect(() => identity({} as Entity)).toThrow(/no entity/);
  });

  test("is called by its type, and like all that holds private state no plain object, around which Vue would put a Proxy", async () => {
    const { session, entity } = await loaded(tasks(1));
    const list = session.live("select name from Task");
    await list.settled();
    const all = [entity, session, list, session.query("Task"), session.eventHub, session.recordedOperations];
    expect(all.map(String)).toEqual(["Task", "Session", "LiveList", "Query", "EventHub", "Operations"].map((name) => `[object ${name}]`));
  });

  test("shows its loaded values when it is printed", async () => {
    const { entity } = await loaded(tasks(1));
    const inspect = (entity as unknown as Record<symbol, (depth: number, options: object, inspect: (value: unknown) => string) => string>)[Symbol.for("nodejs.util.inspect.custom")]!;
    let shown: unknown;
    expect(inspect.call(entity, 2, {}, (values) => ((shown = values), "…"))).toBe("Task …");
    expect(shown).toMatchObject({ id: uuid(0), name: "task 0" });
  });

  test("is printed without the API key that addresses of the server carry", async () => {
    const { entity } = await loaded([task({ thumbnail_url: { value: "https://studio.example/component/thumbnail?id=1&apiKey=secret-key&size=5" } })]);
    const inspect = (entity as unknown as Record<symbol, (depth: number, options: object, inspect: (value: unknown) => string) => string>)[Symbol.for("nodejs.util.inspect.custom")]!;
    for (const text of [inspect.call(entity, 2, {}, JSON.stringify), format(entity)]) {
      expect(text).toContain("?id=1&apiKey=[redacted]&size=5");
      expect(text).not.toContain("secret-key");
    }
    expect(JSON.stringify(entity), "what is read is as the server sent it").toContain("secret-key");
  });
});

describe("collections", () => {
  test("write what they hold as JSON, and nothing while not loaded", async () => {
    const row = { __entity_type__: "ContextCustomAttributeValue", configuration_id: uuid(3), entity_id: uuid(1), key: "fps", value: 24 };
    const { entity } = await loaded([task({ notes: [{ __entity_type__: "Note", id: uuid(7), content: "x" }], custom_attributes: [row] })]);
    const { notes, custom_attributes, assignments, metadata } = entity as unknown as Record<string, unknown>;
    expect(JSON.parse(JSON.stringify({ notes, custom_attributes, assignments, metadata }))).toEqual({
      notes: [{ __entity_type__: "Note", id: uuid(7), content: "x" }],
      custom_attributes: { fps: 24 },
    });
  });

  const withNotes = () => loaded([task({ notes: [{ __entity_type__: "Note", id: uuid(7), content: "x" }, { __entity_type__: "Note", id: uuid(8) }] })]);

  test("are always there, and say whether their members are", async () => {
    const { entity } = await withNotes();
    const notes = entity.notes as Collection<Entity>;
    const assignments = entity.assignments as Collection<Entity>;
    expect(notes).toBeInstanceOf(Collection);
    expect([notes.loaded, notes.length, notes.at(-1)?.entityType]).toEqual([true, 2, "Note"]);
    expect([...notes].map((note) => primaryKey(note).id)).toEqual([uuid(7), uuid(8)]);
    expect(notes.has(notes.at(0)!)).toBe(true);
    expect(notes.has(entity)).toBe(false);
    expect([assignments.loaded, assignments.length, assignments.at(0), assignments.has(entity)]).toEqual([false, undefined, undefined, undefined]);
    expect(() => [...assignments]).toThrow(NotLoadedError);
    expect(() => [...assignments]).toThrow(/load\(\)/);
  });

  test("stay the same object while their members change", async () => {
    const { session, server, entity } = await withNotes();
    const notes = entity.notes as Collection;
    server.rows.set("Task", [task({ name: "b", notes: [] })]);
    await session.query("select notes from Task").all();
    expect(entity.notes).toBe(notes);
    expect(notes.length).toBe(0);
  });

  test("map keys to values for metadata and custom attributes", async () => {
    const row = (key: string, content: unknown) => ({ __entity_type__: "ContextCustomAttributeValue", configuration_id: uuid(key.length), entity_id: uuid(1), key, value: content });
    const { entity } = await loaded([task({ custom_attributes: [row("fps", 24), row("handles", null)] })]);
    const attributes = entity.custom_attributes as KeyedCollection;
    expect(attributes).toBeInstanceOf(KeyedCollection);
    expect([attributes.get("fps"), attributes.get("handles"), attributes.get("nope"), attributes.has("fps"), attributes.has("nope")]).toEqual([24, null, undefined, true, false]);
    expect([...attributes]).toEqual([["fps", 24], ["handles", null]]);
    expect(attributes.keys()).toEqual(["fps", "handles"]);
    const metadata = entity.metadata as KeyedCollection;
    expect([metadata.loaded, metadata.get("x"), metadata.has("x")]).toEqual([false, undefined, undefined]);
    expect(() => [...metadata]).toThrow(NotLoadedError);
  });
});

describe("snapshots", () => {
  test("hold loaded values, dates as text and references as keys", async () => {
    const { entity } = await loaded([task({ name: "a", bid: null, start_date: { __type__: "datetime", value: "2024-10-29T22:00:00" }, status: { __entity_type__: "Status", id: uuid(3), name: "Done" } })]);
    const expected = {
      __entity_type__: "Task",
      id: uuid(1),
      name: "a",
      bid: null,
      start_date: "2024-10-29T22:00:00Z",
      status: { __entity_type__: "Status", id: uuid(3) },
    };
    expect(entity.snapshot()).toEqual(expected);
    expect(JSON.parse(JSON.stringify({ entity }))).toEqual({ entity: expected });
    expect(Object.isFrozen(entity.snapshot())).toBe(true);
    expect(Object.isFrozen(entity.snapshot().status)).toBe(true);
  });

  test("go into what is projected", async () => {
    const { entity } = await loaded([task({ name: "a", status: { __entity_type__: "Status", id: uuid(3), name: "Done" }, notes: [{ __entity_type__: "Note", id: uuid(7), content: "x" }] })]);
    expect(entity.snapshot(["name", "status.name", "notes.content", "bid"])).toEqual({
      __entity_type__: "Task",
      id: uuid(1),
      name: "a",
      status: { __entity_type__: "Status", id: uuid(3), name: "Done" },
      notes: [{ __entity_type__: "Note", id: uuid(7), content: "x" }],
    });
  });

  test("keep the identity of what did not change", async () => {
    const { session, server, entity } = await loaded([task({ name: "a", link: [{ id: "p" }], status: { __entity_type__: "Status", id: uuid(3), name: "Done" } })]);
    const paths = ["name", "status.name", "link"];
    const before = entity.snapshot();
    const deep = entity.snapshot(paths);
    expect(entity.snapshot()).toBe(before);
    expect(entity.snapshot(paths)).toBe(deep);
    server.rows.set("Task", [task({ name: "b" })]);
    await session.query("select name from Task").all();
    expect(entity.snapshot()).not.toBe(before);
    expect(entity.snapshot().status).toBe(before.status);
    expect(entity.snapshot(paths).name).toBe("b");
    expect(entity.snapshot(paths).status).toBe(deep.status);
    expect(entity.snapshot(paths).link).toBe(deep.link);
  });

  test("show an entity that several refer to as one object, until it changes", async () => {
    const status = (name: string): Row => ({ __entity_type__: "Status", id: uuid(3), name });
    const { session, server, entity } = await loaded([task({ name: "a", status: status("Done") }), { ...task({ name: "b", status: status("Done") }), id: uuid(2) }]);
    const second = (await session.get("Task", uuid(2)))!;
    const before = entity.snapshot(["status.name"]);
    expect(second.snapshot(["name", "status.name"]).status).toBe(before.status);
    server.rows.set("Status", [status("Closed")]);
    await session.query("select name from Status").all();
    expect(entity.snapshot(["status.name"]).status).toEqual(status("Closed"));
    expect(second.snapshot(["name", "status.name"])).toEqual({ __entity_type__: "Task", id: uuid(2), name: "b", status: status("Closed") });
    expect(before.status).toEqual(status("Done"));
  });

  test("without projections are others than with none", async () => {
    const { entity } = await loaded([task({ name: "a" })]);
    expect(entity.snapshot([])).toEqual({ __entity_type__: "Task", id: uuid(1) });
    expect(entity.snapshot()).toMatchObject({ name: "a" });
  });
});

describe("subscribe", () => {
  test("calls the listener once after a reply that changed the entity", async () => {
    const { session, server, entity } = await loaded([task({ name: "a", bid: 1 })]);
    const names: unknown[] = [];
    const unsubscribe = entity.subscribe(() => names.push(entity.name));
    await session.query("select name from Task").all();
    expect(names).toEqual([]);
    server.rows.set("Task", [task({ name: "b", bid: 2 })]);
    await session.query("select name from Task").all();
    expect(names).toEqual(["b"]);
    unsubscribe();
    unsubscribe();
    server.rows.set("Task", [task({ name: "c" })]);
    await session.query("select name from Task").all();
    expect(names).toEqual(["b"]);
  });

  test("tells every listener, and only of its own entity", async () => {
    const { session, server, entities } = await loaded(tasks(2));
    let [first, second, other] = [0, 0, 0];
    entities[0]!.subscribe(() => first++);
    entities[0]!.subscribe(() => second++);
    entities[1]!.subscribe(() => other++);
    server.rows.set("Task", [task({ id: uuid(0), name: "changed" })]);
    await session.query("select name from Task").all();
    expect([first, second, other]).toEqual([1, 1, 0]);
  });
});

test("reads never throw, and keep what was read, after close", async () => {
  const { session, entities } = await loaded(tasks(2, () => ({ start_date: { __type__: "datetime", value: "2024-10-29T22:00:00" }, notes: [] })));
  const [read, unread] = entities as unknown as [Record<string, unknown> & Entity, Record<string, unknown> & Entity];
  const before = [read.name, read.start_date, read.status];
  expect((read.notes as Collection).loaded).toBe(true);
  await session.close();
  expect([read.name, read.start_date, read.status]).toEqual(before);
  expect(unread.name).toBeUndefined();
  expect((read.status as { name?: string }).name).toBeUndefined();
  expect((read.notes as Collection).length).toBe(0);
  expect((unread.notes as Collection).loaded).toBe(false);
  expect(read.entityType).toBe("Task");
  expect(JSON.parse(JSON.stringify(read))).toMatchObject({ name: "task 0" });
  expect(value(read, "whatever")).toBeUndefined();
  expect(read.subscribe(() => undefined)).toBeTypeOf("function");
});
