import { InvalidArgumentError, MultipleResultsFoundError, NoResultFoundError, NotLoadedError, QuerySyntaxError, UnrecognisedEntityTypeError } from "ftrack-wasm";
import { describe, expect, test } from "vitest";
import { FakeServer, json, tasks } from "./support/fake-server.js";
import { openSession } from "./support/session.js";

async function withTasks(count: number) {
  const opened = await openSession();
  opened.server.rows.set("Task", tasks(count));
  opened.server.requests.length = 0;
  return opened;
}

describe("a query", () => {
  test("sends nothing until rows are asked for", async () => {
    const { session, server } = await withTasks(3);
    const query = session.query("select name from Task");
    expect(server.requests).toHaveLength(0);
    expect(await query.all()).toHaveLength(3);
  });

  test("fetches page by page and gives the rows in order", async () => {
    const { session, server } = await withTasks(25);
    const names: unknown[] = [];
    for await (const task of session.query<"Task">("select name from Task", { pageSize: 10 })) names.push(task.name);
    expect(names).toEqual(Array.from({ length: 25 }, (_, i) => `task ${i}`));
    expect(server.expressions).toEqual([0, 10, 20].map((offset) => `select name from Task offset ${offset} limit 10`));
  });

  test("gives the same rows again without a request", async () => {
    const { session, server } = await withTasks(7);
    const query = session.query("select name from Task", { pageSize: 4 });
    const first = await query.all();
    const again: unknown[] = [];
    for await (const task of query) again.push(task);
    expect(again).toEqual(first);
    expect(again.every((task, i) => task === first[i])).toBe(true);
    expect(server.requests).toHaveLength(2);
  });

  test("serves two loops at once with one set of requests", async () => {
    const { session, server } = await withTasks(9);
    const query = session.query("select name from Task", { pageSize: 3 });
    const count = async () => {
      let n = 0;
      for await (const task of query) n += task ? 1 : 0;
      return n;
    };
    expect(await Promise.all([count(), count()])).toEqual([9, 9]);
    expect(server.requests.length).toBeLessThanOrEqual(4);
  });

  test("stops requesting when the loop is left", async () => {
    const { session, server } = await withTasks(100);
    for await (const task of session.query("select name from Task", { pageSize: 5 })) {
      if (task) break;
    }
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(server.requests.length).toBeLessThanOrEqual(2);
  });

  test("goes on after a loop was left, over the same rows", async () => {
    const { session } = await withTasks(12);
    const query = session.query("select name from Task", { pageSize: 5 });
    let first: unknown;
    for await (const task of query) {
      first = task;
      break;
    }
    const all = await query.all();
    expect(all).toHaveLength(12);
    expect(all[0]).toBe(first);
    expect(new Set(all).size).toBe(12);
  });

  test("has indexes and a length once loaded, and says so before", async () => {
    const { session } = await withTasks(6);
    const query = session.query<"Task">("select name from Task", { pageSize: 4 });
    expect(query.loaded).toBe(false);
    expect(() => query.length).toThrow(NotLoadedError);
    expect(() => query.at(0)).toThrow(/await query\.all\(\) first/);
    await query.all();
    expect(query.length).toBe(6);
    expect(query.at(-1)?.name).toBe("task 5");
    expect(query.at(6)).toBeUndefined();
  });

  test("tells its progress after each page", async () => {
    const { session } = await withTasks(10);
    const seen: unknown[] = [];
    await session.query("select name from Task", { pageSize: 4, onProgress: (progress) => seen.push(progress) }).all();
    expect(seen).toEqual([
      { loaded: 4, done: false },
      { loaded: 8, done: false },
      { loaded: 10, done: true },
    ]);
  });

  test("respects limit and offset of the expression, and takes a quoted one for text", async () => {
    const { session, server } = await withTasks(50);
    expect(await session.query("select name from Task limit 7", { pageSize: 5 }).all()).toHaveLength(7);
    const shifted = await session.query<"Task">('select name from Task where name is_not "limit 5" offset 45').all();
    expect(shifted.map((task) => task.name)).toEqual([45, 46, 47, 48, 49].map((i) => `task ${i}`));
    expect(server.expressions.at(-1)).toContain('"limit 5"');
  });

  test("adds the default projections where nothing is selected", async () => {
    const { session, server } = await withTasks(1);
    await session.query("  Task ").all();
    expect(server.expressions[0]).toMatch(/^select (?=.*\bcontext_type\b)(?=.*\bid\b)(?=.*\bname\b).* from Task/);
  });

  test("first gives the first row or null, with a request of its own", async () => {
    const { session, server } = await withTasks(3);
    expect((await session.query<"Task">("select name from Task").first())?.name).toBe("task 0");
    expect(server.expressions).toEqual(["select name from Task limit 1"]);
    server.rows.set("Task", []);
    expect(await session.query("select name from Task").first()).toBeNull();
    await expect(session.query("Task limit 3").first()).rejects.toThrow(InvalidArgumentError);
  });

  test("one gives the only row, and errors tell none from several", async () => {
    const { session, server } = await withTasks(1);
    expect((await session.query<"Task">("select name from Task").one()).name).toBe("task 0");
    server.rows.set("Task", tasks(2));
    await expect(session.query("Task").one()).rejects.toThrow(MultipleResultsFoundError);
    server.rows.set("Task", []);
    await expect(session.query("Task").one()).rejects.toThrow(NoResultFoundError);
  });

  test("gives the rows of an aggregate as plain frozen objects", async () => {
    const { session, server } = await openSession();
    server.answer = () => json([{ action: "query", data: [{ count_id: 3, status_id: "a" }, { count_id: 1, status_id: null }], metadata: { next: { offset: null } } }]);
    const rows = await session.query<{ count_id: number }>("select count(id), status_id from Task group by status_id").all();
    expect(rows).toEqual([{ count_id: 3, status_id: "a" }, { count_id: 1, status_id: null }]);
    expect(Object.isFrozen(rows[0])).toBe(true);
  });

  test("shows a syntax error's place, and the nearest type for an unknown one", async () => {
    const { session, server } = await withTasks(1);
    const broken = session.query("select name from Task where name is").all();
    await expect(broken).rejects.toThrow(QuerySyntaxError);
    await expect(broken).rejects.toThrow(/\n.*\^/);
    const unknown = session.query("select name from Taks").all();
    await expect(unknown).rejects.toThrow(UnrecognisedEntityTypeError);
    await expect(unknown).rejects.toThrow(/"Task"/);
    await expect(unknown).rejects.toMatchObject({ code: "UNRECOGNISED_ENTITY_TYPE", entityType: "Taks" });
    expect(server.requests).toHaveLength(0);
  });

  test("refuses wrong options by name", async () => {
    const { session } = await openSession();
    expect(() => session.query("Task", { pageSize: 0 })).toThrow(/pageSize/);
    expect(() => session.query("Task", { page: 1 } as object)).toThrow(/"page"/);
    expect(() => session.query(5 as unknown as string)).toThrow(/text/);
  });

  test("can be asked again after a page failed", async () => {
    const { session, server } = await withTasks(8);
    const query = session.query("select name from Task", { pageSize: 4 });
    server.answer = ({ operations }) => (operations[0]!.expression?.includes("offset 4") ? json({ exception: "ValidationError", content: "no", error_code: 1 }) : undefined);
    await expect(query.all()).rejects.toMatchObject({ code: "SERVER_ERROR", exception: "ValidationError" });
    server.answer = () => undefined;
    expect(await query.all()).toHaveLength(8);
  });
});

test("a fake server may serve several sessions", async () => {
  const server = new FakeServer();
  server.rows.set("Task", tasks(2));
  const [a, b] = await Promise.all([openSession(server), openSession(server)]);
  const [x] = await a.session.query("select name from Task").all();
  const [y] = await b.session.query("select name from Task").all();
  expect(x).not.toBe(y);
});
