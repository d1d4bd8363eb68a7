import { Collection, InvalidArgumentError, KeyedCollection } from "ftrack-wasm";
import type { DefaultEntities, Entity, Session } from "ftrack-wasm";
import { describe, expect, test } from "vitest";
import { tasks, uuid } from "./support/fake-server.js";
import type { FakeServer, Row } from "./support/fake-server.js";
import { openSession } from "./support/session.js";

type Task = DefaultEntities["Task"];

const parent = (i: number) => ({ __entity_type__: "Shot", id: uuid(500 + (i % 2)), name: `shot ${i % 2}` });

/** Rows that know only their names; the server can answer `populate` with the rest. */
async function sparse(count: number, full: (i: number) => Row): Promise<{ session: Session; server: FakeServer; rows: Task[] }> {
  const { session, server } = await openSession();
  server.rows.set("Task", Array.from({ length: count }, (_, i) => ({ __entity_type__: "Task", id: uuid(i), name: `task ${i}` })));
  const rows = await session.query<"Task">("select name from Task").all();
  server.rows.set("Task", Array.from({ length: count }, (_, i) => ({ __entity_type__: "Task", id: uuid(i), ...full(i) })));
  server.requests.length = 0;
  return { session, server, rows };
}

describe("load", () => {
  test("gives what is loaded without a request", async () => {
    const { server, rows } = await sparse(1, () => ({}));
    expect(await rows[0]!.load("name")).toBe("task 0");
    expect(server.requests).toHaveLength(0);
  });

  test("fetches what is missing and gives the last segment's value", async () => {
    const { server, rows } = await sparse(1, (i) => ({ bid: 3, status: { __entity_type__: "Status", id: uuid(9), name: "Done" }, parent: parent(i) }));
    expect(await rows[0]!.load("bid")).toBe(3);
    expect(await rows[0]!.load("status.name")).toBe("Done");
    expect(rows[0]!.status?.name).toBe("Done");
    expect(await rows[0]!.load("parent.name")).toBe("shot 0");
    expect(server.expressions[0]).toMatch(/^select .*\bbid\b.* from Task where id /);
  });

  test("gives a tuple for several paths, fetched together", async () => {
    const { server, rows } = await sparse(1, () => ({ bid: 3, description: null }));
    expect(await rows[0]!.load("name", "bid", "description")).toEqual(["task 0", 3, null]);
    expect(server.requests).toHaveLength(1);
  });

  test("goes through null", async () => {
    const { rows } = await sparse(1, () => ({ status: null }));
    expect(await rows[0]!.load("status.name")).toBeNull();
  });

  test("gives arrays through collections, and the collection at the end of a path", async () => {
    const notes = [7, 8].map((n) => ({ __entity_type__: "Note", id: uuid(n), content: `note ${n}` }));
    const { rows } = await sparse(1, () => ({ notes }));
    expect(await rows[0]!.load("notes.content")).toEqual(["note 7", "note 8"]);
    const collection = await rows[0]!.load("notes");
    expect(collection).toBeInstanceOf(Collection);
    expect(collection).toBe(rows[0]!.notes);
    expect(await rows[0]!.notes.load()).toBe(collection);
  });

  test("loads keys and values of metadata", async () => {
    const metadata = [{ __entity_type__: "Metadata", parent_id: uuid(0), parent_type: "Task", key: "k", value: "v" }];
    const { server, rows } = await sparse(1, () => ({ metadata }));
    const loaded = await rows[0]!.metadata.load();
    expect(loaded).toBeInstanceOf(KeyedCollection);
    expect(loaded.get("k")).toBe("v");
    expect(server.expressions[0]).toMatch(/metadata\.value/);
  });

  test("goes on by the concrete type behind a relation of a base type", async () => {
    const { server, rows } = await sparse(1, (i) => ({ parent: parent(i) }));
    server.rows.set("Shot", [{ __entity_type__: "Shot", id: uuid(500), status: { __entity_type__: "Status", id: uuid(9), name: "Done" } }]);
    expect(await rows[0]!.load("parent.status.name")).toBe("Done");
    expect(server.expressions.some((expression) => /from Shot/.test(expression))).toBe(true);
  });

  test("joins the misses of one tick in one request", async () => {
    const { server, rows } = await sparse(20, (i) => ({ bid: i }));
    expect(await Promise.all(rows.map((row) => row.load("bid", { page: false })))).toEqual(rows.map((_, i) => i));
    expect(server.requests).toHaveLength(1);
  });

  test("costs one request a page in a loop that waits for each row", async () => {
    const { server, rows } = await sparse(30, (i) => ({ bid: i }));
    for (const [i, row] of rows.entries()) expect(await row.load("bid")).toBe(i);
    expect(server.requests).toHaveLength(1);
  });

  test("fetches for the row alone when asked to", async () => {
    const { server, rows } = await sparse(5, (i) => ({ bid: i }));
    await rows[2]!.load("bid", { page: false });
    expect(rows[2]!.bid).toBe(2);
    expect(rows[3]!.bid).toBeUndefined();
    expect(server.requests).toHaveLength(1);
  });

  test("gives what is there when autoPopulate is off", async () => {
    const { session, server, rows } = await sparse(1, () => ({ bid: 3 }));
    expect(await rows[0]!.load("bid", { autoPopulate: false })).toBeUndefined();
    session.autoPopulate = false;
    expect(await rows[0]!.load("name", "bid")).toEqual(["task 0", undefined]);
    session.autoPopulate = true;
    const off = session.autoPopulating(false, () => {
      void rows[0]!.load("bid").then((value) => expect(value).toBeUndefined());
      return session.autoPopulate;
    });
    expect([off, session.autoPopulate]).toEqual([false, true]);
    expect(server.requests).toHaveLength(0);
    expect(() => session.autoPopulating(false, async () => undefined)).toThrow(TypeError);
    expect(session.autoPopulate).toBe(true);
  });

  test("names an attribute that there is none of", async () => {
    const { rows } = await sparse(1, () => ({}));
    await expect(rows[0]!.load("nmae")).rejects.toThrow(/Task has no attribute "nmae"/);
    await expect(rows[0]!.load("name.first")).rejects.toThrow(InvalidArgumentError);
    await expect(rows[0]!.load("")).rejects.toThrow(InvalidArgumentError);
    await expect((rows[0]!.load as () => Promise<unknown>)()).rejects.toThrow(/at least one/);
  });

  test("rejects all who wait for a request that fails, and asks anew afterwards", async () => {
    const { server, rows } = await sparse(2, (i) => ({ bid: i }));
    server.answer = () => new Response('{"exception":"PermissionError","content":"no","error_code":null}');
    const waiting = await Promise.allSettled([rows[0]!.load("bid", { page: false }), rows[1]!.load("bid", { page: false })]);
    expect(waiting.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    server.answer = () => undefined;
    expect(await rows[1]!.load("bid")).toBe(1);
  });

  test("ends the waiting when its signal does", async () => {
    const { rows } = await sparse(1, () => ({ bid: 1 }));
    const stop = new AbortController();
    const waiting = rows[0]!.load("bid", { signal: stop.signal });
    const reason = new Error("enough");
    stop.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });
});

describe("populate", () => {
  test("fetches projections for many entities at once", async () => {
    const { session, server, rows } = await sparse(10, (i) => ({ bid: i, parent: parent(i) }));
    await session.populate(rows, "bid, parent.name");
    expect(rows.map((row) => row.bid)).toEqual(rows.map((_, i) => i));
    expect(rows[1]!.parent?.name).toBe("shot 1");
    expect(server.requests).toHaveLength(1);
    await session.populate(rows[0]!, ["bid"]);
    expect(server.requests).toHaveLength(1);
    await session.populate([], "bid");
  });

  test("refuses entities of another session", async () => {
    const a = await sparse(1, () => ({}));
    const b = await sparse(1, () => ({}));
    await expect(a.session.populate(b.rows, "bid")).rejects.toThrow(/of this session/);
    await expect(a.session.populate([{} as Entity], "bid")).rejects.toThrow(InvalidArgumentError);
  });
});

describe("get", () => {
  test("gives the entity with a key, or null", async () => {
    const { session, server } = await openSession();
    server.rows.set("Task", tasks(3));
    const entity = await session.get("Task", uuid(1));
    expect(entity?.name).toBe("task 1");
    expect(await session.get("Task", uuid(99))).toBeNull();
  });

  test("refuses a key that cannot be one", async () => {
    const { session } = await openSession();
    await expect(session.get("Task", {} as string)).rejects.toThrow(InvalidArgumentError);
    await expect(session.get("Metadata", "only-one-part")).rejects.toThrow(InvalidArgumentError);
    await expect(session.get("Taks" as "Task", uuid(1))).rejects.toMatchObject({ code: "UNRECOGNISED_ENTITY_TYPE" });
  });
});
