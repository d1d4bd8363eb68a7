import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { QuerySyntaxError, ServerError, Session, conflicts, state } from "ftrack-wasm";
import type { DefaultEntities, LiveList } from "ftrack-wasm";
import { testServer } from "./support/server.js";
import type { TestServer } from "./support/server.js";
import { uncaughtErrors } from "./support/uncaught.js";

type Task = DefaultEntities["Task"];

let server: TestServer;
let requests = 0;
let session: Session;
let other: Session;

async function open(count = false): Promise<Session> {
  const counting: typeof fetch = (url, init) => {
    requests++;
    return server.fetch(url, init);
  };
  // Where requests are counted nothing is kept: news of another session may have this one ask what is true.
  return Session.open({ ...server.options, ...(count && { fetch: counting, cache: null }) });
}

beforeAll(async () => {
  server = await testServer();
  [session, other] = await Promise.all([open(true), open()]);
});

afterAll(async () => {
  await session.close();
  await other.close();
  server.close();
});

/** Has another session write, and gives the event that the server sends after it. */
async function elsewhere(entityType: string, id: string, changes: Record<string, [was: unknown, is: unknown]>, action = "update"): Promise<object> {
  if (action === "remove") await other.call([{ action: "delete", entity_type: entityType, entity_key: [id] }]);
  else {
    const data = Object.fromEntries(Object.entries(changes).map(([name, [, is]]) => [name, is]));
    await other.call([{ action: "update", entity_type: entityType, entity_key: [id], entity_data: { __entity_type__: entityType, ...data } }]);
  }
  const told = Object.fromEntries(Object.entries(changes).map(([name, [was, is]]) => [name === "status_id" ? "statusid" : name, { old: was, new: is }]));
  return { topic: "ftrack.update", data: { clientToken: "of somebody else", entities: [{ entity_type: entityType, entityType: "task", entityId: id, action, keys: Object.keys(told), changes: told }] } };
}

/** Tasks of the test's own, below one shot, with a mark in their names. */
async function someTasks(mark: string, count: number): Promise<Task[]> {
  const shot = (await other.query<"Shot">("Shot").first())!;
  const tasks = Array.from({ length: count }, (_, i) => other.create("Task", { name: `${mark}${String(i).padStart(2, "0")}`, bid: i, parent: shot }));
  await other.commit();
  return tasks;
}

function follow<T extends "Task" | "Status" | object = "Task">(expression: string): LiveList<T extends keyof DefaultEntities ? DefaultEntities[T] : T> {
  const list = session.live<T>(expression) as LiveList<T extends keyof DefaultEntities ? DefaultEntities[T] : T>;
  onTestFinished(() => list.close());
  return list;
}

describe("a live list", () => {
  test("shows frozen rows of what the expression selects, and the same objects as long as nothing changes", async () => {
    await someTasks("live a", 3);
    const list = follow('select name, bid, status.name from Task where name like "live a%" order by name');
    expect(list.getSnapshot()).toEqual([]);
    expect(list.loaded).toBe(false);
    let told = 0;
    const stop = list.subscribe(() => told++);
    await list.settled();
    expect(told).toBe(1);
    expect(list.loaded).toBe(true);
    const rows = list.getSnapshot();
    expect(rows.map((row) => row.name)).toEqual(["live a00", "live a01", "live a02"]);
    expect(rows[1]).toEqual({ __entity_type__: "Task", id: list.entities[1]!.id, name: "live a01", bid: 1, status: expect.objectContaining({ name: expect.any(String) }) as object });
    expect(Object.isFrozen(rows) && Object.isFrozen(rows[0])).toBe(true);
    expect(list.getSnapshot()).toBe(rows);
    stop();
  });

  test("follows what others change, row by row", async () => {
    const tasks = await someTasks("live b", 3);
    const list = follow('select name, bid from Task where name like "live b%" order by name, id');
    await list.settled();
    const before = list.getSnapshot();
    let told = 0;
    list.subscribe(() => told++);
    requests = 0;
    await session.lives.take([await elsewhere("Task", tasks[1]!.id!, { bid: [1, 77] })]);
    await list.settled();
    const after = list.getSnapshot();
    expect(told).toBe(1);
    expect(requests).toBe(1);
    expect(after).not.toBe(before);
    expect(after.map((row) => row.bid)).toEqual([0, 77, 2]);
    expect(after[0]).toBe(before[0]);
    expect(after[2]).toBe(before[2]);
    await session.lives.take([await elsewhere("Task", tasks[0]!.id!, { name: ["live b00", "live b99"] })]);
    await list.settled();
    expect(list.getSnapshot().map((row) => row.name)).toEqual(["live b01", "live b02", "live b99"]);
    expect(list.entities.map(({ name }) => name)).toEqual(["live b01", "live b02", "live b99"]);
    await session.lives.take([await elsewhere("Task", tasks[2]!.id!, {}, "remove")]);
    await list.settled();
    expect(list.getSnapshot().map((row) => row.name)).toEqual(["live b01", "live b99"]);
    list.close();
    expect(list.entities.map(({ name }) => name)).toEqual(["live b01", "live b99"]);
  });

  test("shows local changes at once, and without a request", async () => {
    await someTasks("live c", 3);
    const list = follow('select name, bid from Task where name like "live c%" and bid < 50 order by bid, id');
    await list.settled();
    requests = 0;
    const [first, second] = list.entities;
    first!.bid = 20;
    await list.settled();
    expect(list.getSnapshot().map((row) => row.bid)).toEqual([1, 2, 20]);
    second!.bid = 100;
    const mine = session.create("Task", { name: "live c mine", bid: 3 });
    await list.settled();
    expect(list.getSnapshot().map((row) => row.bid)).toEqual([2, 3, 20]);
    expect(list.entities[1]).toBe(mine);
    session.delete(first!);
    await list.settled();
    expect(list.getSnapshot().map((row) => row.bid)).toEqual([2, 3]);
    session.rollback();
    await list.settled();
    expect(list.getSnapshot().map((row) => row.bid)).toEqual([0, 1, 2]);
    expect(requests).toBe(0);
  });

  test("counts with an aggregate", async () => {
    const tasks = await someTasks("live d", 2);
    const list = follow<{ count_id: number }>('select count(id) from Task where name like "live d%"');
    await list.settled();
    expect(list.getSnapshot()).toEqual([{ count_id: 2 }]);
    expect(list.entities).toEqual([]);
    await session.lives.take([await elsewhere("Task", tasks[0]!.id!, {}, "remove")]);
    await list.settled();
    expect(list.getSnapshot()).toEqual([{ count_id: 1 }]);
  });

  test("gives its functions out of hand, as useSyncExternalStore takes them", async () => {
    await someTasks("at hand ", 1);
    const list = follow('select name from Task where name like "at hand %"');
    const { subscribe, getSnapshot } = list;
    let told = 0;
    const stop = subscribe(() => told++);
    await list.settled();
    stop();
    expect([told, getSnapshot().map((row) => row.name)]).toEqual([1, ["at hand 00"]]);
  });

  test("says what is wrong", async () => {
    const wrong = follow("Task where");
    let told = 0;
    wrong.subscribe(() => told++);
    await expect(wrong.settled()).rejects.toThrow(QuerySyntaxError);
    expect(wrong.error).toBeInstanceOf(QuerySyntaxError);
    expect(told).toBe(1);
    const refused = follow('select name from Task where children any (bid > 3)');
    await expect(refused.settled()).rejects.toThrow(ServerError);
    expect(refused.error).toBeInstanceOf(ServerError);
    expect(String(refused.error)).toMatch(/^ServerError: live: /);
    expect(() => session.live(5 as never)).toThrow("must be text");
  });

  test("a listener that throws stops no other; closed, it is quiet", async () => {
    const tasks = await someTasks("live e", 1);
    const list = follow('select name from Task where name like "live e%"');
    await list.settled();
    const told: string[] = [];
    const uncaught = uncaughtErrors();
    list.subscribe(() => {
      throw new Error("of the list");
    });
    list.subscribe(() => told.push("first"));
    const stop = list.subscribe(() => told.push("second"));
    stop();
    const [task] = list.entities;
    for (const listener of [() => {
      throw new Error("of the entity");
    }, () => told.push("entity")]) onTestFinished(task!.subscribe(listener));
    await session.lives.take([await elsewhere("Task", tasks[0]!.id!, { name: ["live e00", "live e1"] })]);
    await list.settled();
    await vi.waitFor(() => expect(told.sort()).toEqual(["entity", "first"]));
    await vi.waitFor(() => expect(uncaught.sort()).toEqual(["Error: of the entity", "Error: of the list"]));
    const rows = list.getSnapshot();
    list.close();
    list.close();
    await session.lives.take([await elsewhere("Task", tasks[0]!.id!, { name: ["live e1", "live e2"] })]);
    await list.settled();
    expect(list.getSnapshot()).toBe(rows);
    expect(told.filter((each) => each !== "entity")).toEqual(["first"]);
  });
});

describe("an entity", () => {
  test("follows the server, and tells its subscribers", async () => {
    const [made] = await someTasks("live f", 1);
    const task = (await session.query<"Task">(`select name, bid, status.name from Task where id is "${made!.id}"`).first())!;
    let told = 0;
    const heard = new Promise<void>((resolve) => {
      const stop = task.subscribe(() => {
        told++;
        resolve();
      });
      onTestFinished(stop);
    });
    await session.lives.take([await elsewhere("Task", task.id!, { bid: [0, 5] })]);
    await heard;
    expect(task.bid).toBe(5);
    expect(told).toBe(1);
  });

  test("keeps its local changes on top, and tells of the conflict", async () => {
    const [made] = await someTasks("live g", 1);
    const task = (await session.query<"Task">(`select name, bid from Task where id is "${made!.id}"`).first())!;
    task.bid = 9;
    expect(conflicts(task)).toEqual([]);
    const told = new Promise<void>((resolve) => onTestFinished(task.subscribe(resolve)));
    await session.lives.take([await elsewhere("Task", task.id!, { bid: [0, 5] })]);
    await told;
    expect(task.bid).toBe(9);
    expect(conflicts(task)).toEqual(["bid"]);
    task.revert("bid");
    expect(task.bid).toBe(5);
    expect(conflicts(task)).toEqual([]);
  });

  test("is marked when the server has it no more", async () => {
    const [made] = await someTasks("live h", 1);
    const task = (await session.query<"Task">(`select name from Task where id is "${made!.id}"`).first())!;
    const told = new Promise<void>((resolve) => onTestFinished(task.subscribe(resolve)));
    await session.lives.take([await elsewhere("Task", task.id!, {}, "remove")]);
    await told;
    expect(state(task)).toBe("deleted");
    expect(task.name).toBe("live h00");
  });
});
