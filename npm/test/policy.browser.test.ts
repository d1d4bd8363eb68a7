import { AuthenticationError, NetworkError, Session, state } from "ftrack-wasm";
import type { DefaultEntities, SessionOptions } from "ftrack-wasm";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { uploadStore } from "../src/upload-store.js";
import { FakeServer, tasks, uuid } from "./support/fake-server.js";

const serverUrl = "https://studio.example";
let apiUser = "";
let users = 0;
const expression = "select name, bid, status.name from Task";

/** Each test has a user, and so a database, of its own. */
beforeEach(() => {
  apiUser = `policy ${users++} ${Math.random()}`;
});

afterEach(async () => {
  await Session.forget({ serverUrl, apiUser });
});

interface Visit {
  session: Session;
  server: FakeServer;
  warnings: string[];
}

async function visit(server: FakeServer, options: SessionOptions = {}): Promise<Visit> {
  const warnings: string[] = [];
  const session = await Session.open({
    serverUrl, apiUser, apiKey: "planted-key-4711", fetch: server.fetch, schemaCachePath: false, policy: "network-first", logger: { warn: (text) => void warnings.push(text) }, ...options,
  });
  onTestFinished(() => session.close());
  server.requests.length = 0;
  return { session, server, warnings };
}

/** A visit that fetches rows and ends, so that they are kept. */
async function first(server: FakeServer, options: SessionOptions = {}): Promise<void> {
  const { session } = await visit(server, options);
  await session.query(expression).all();
  await session.close();
}

function serving(count = 3): FakeServer {
  const server = new FakeServer();
  server.rows.set("Task", tasks(count));
  return server;
}

function offline(server: FakeServer): void {
  server.answer = () => {
    throw new TypeError("the wire is cut");
  };
}

const names = (rows: readonly unknown[]): unknown[] => (rows as DefaultEntities["Task"][]).map(({ name }) => name);

describe("a query by policy", () => {
  test("network-first shows kept rows when the network fails, and says so", async () => {
    const server = serving(1200);
    const before = Date.now();
    await first(server);
    const { session } = await visit(server);
    offline(server);
    const rows = await session.query<"Task">(expression).all();
    expect([rows.length, rows[1100]!.name, rows[0]!.status?.name]).toEqual([1200, "task 1100", expect.any(String)]);
    expect([rows.source, rows.stale]).toEqual(["cache", true]);
    expect(rows.fetchedAt.getTime()).toBeGreaterThanOrEqual(before);
    expect(rows.fetchedAt.getTime()).toBeLessThanOrEqual(Date.now());
    await expect(session.query("select name from Shot").all()).rejects.toThrow(NetworkError);
    server.answer = () => undefined;
    const fresh = await session.query(expression).all();
    expect([fresh.source, fresh.stale, fresh[5]]).toEqual(["network", false, rows[5]]);
  });

  test("network-only keeps nothing", async () => {
    const server = serving();
    await first(server, { policy: "network-only" });
    const { session } = await visit(server);
    offline(server);
    await expect(session.query(expression).all()).rejects.toThrow(NetworkError);
  });

  test("cache null keeps nothing either", async () => {
    const server = serving();
    await first(server, { cache: null });
    const { session } = await visit(server);
    await expect(session.query(expression, { policy: "cache-only" }).all()).rejects.toThrow(/nothing of it is kept/);
  });

  test("cache-first asks the server only for what is not kept", async () => {
    const server = serving();
    await first(server);
    const { session } = await visit(server, { policy: "cache-first" });
    const rows = await session.query(expression).all();
    expect([names(rows), rows.source, rows.stale, server.requests.length]).toEqual([["task 0", "task 1", "task 2"], "cache", false, 0]);
    await session.query("select id from Task").all();
    expect(server.requests.length).toBe(1);
  });

  test("cache-only sends nothing, and fails by name", async () => {
    const server = serving();
    const { session } = await visit(server, { policy: "cache-only" });
    await expect(session.query(expression).all()).rejects.toThrow(/nothing of it is kept/);
    expect(server.requests).toEqual([]);
  });

  test("cache-and-network gives kept rows at once and the server's after them, in the same entities", async () => {
    const server = serving();
    await first(server);
    server.rows.set("Task", [...tasks(3, (i) => ({ name: `renamed ${i}` })), { __entity_type__: "Task", id: uuid(77), name: "new" }]);
    const { session } = await visit(server, { policy: "cache-and-network" });
    const query = session.query<"Task">(expression);
    const rows = await query.all();
    expect([names(rows), rows.stale]).toEqual([["task 0", "task 1", "task 2"], true]);
    let told = 0;
    rows[0]!.subscribe(() => told++);
    const fresh = await query.fresh();
    expect([names(fresh), fresh.source, fresh.stale]).toEqual([["renamed 0", "renamed 1", "renamed 2", "new"], "network", false]);
    expect([rows[0] === fresh[0], told]).toEqual([true, 1]);
    expect(server.requests.length).toBe(1);
  });

  test("keeps the rows of aggregates, and single rows", async () => {
    const server = serving();
    server.answer = ({ operations }) => (operations[0]!.expression?.includes("count") ? new Response('[{"action":"query","data":[{"count_id":3}],"metadata":{"next":{"offset":null}}}]') : undefined);
    const one = await visit(server);
    await one.session.query("select count(id) from Task").all();
    await one.session.query(expression).first();
    await one.session.close();
    const { session } = await visit(server, { policy: "cache-only" });
    expect([...(await session.query<object>("select count(id) from Task").all())]).toEqual([{ count_id: 3 }]);
    expect((await session.query<"Task">(expression).first())!.name).toBe("task 0");
  });

  test("refuses what is no policy", async () => {
    const { session } = await visit(serving());
    expect(() => session.query(expression, { policy: "cache" as "cache-only" })).toThrow(/policy must be one of/);
    await expect(Session.open({ policy: "cache" as "cache-only" })).rejects.toThrow(/policy must be one of/);
  });
});

describe("without a network", () => {
  /** A visit that keeps schemas and rows. */
  async function prepared(): Promise<{ server: FakeServer; schemaCachePath: string }> {
    const server = serving();
    server.schemaHash = "23a1157b8b1730fd91c76f63dcd67a8f";
    const schemaCachePath = `schemas of ${apiUser}`;
    await first(server, { schemaCachePath });
    await expect.poll(async () => (await visit(server, { schemaCachePath })).session.close().then(async () => (await indexedDB.databases()).some(({ name }) => name === schemaCachePath))).toBe(true);
    onTestFinished(async () => {
      await done(indexedDB.deleteDatabase(schemaCachePath));
    });
    return { server, schemaCachePath };
  }

  test("a session opens from what is kept, and goes on by itself when the network is there again", async () => {
    const { server, schemaCachePath } = await prepared();
    offline(server);
    const { session } = await visit(server, { schemaCachePath });
    expect([session.online, session.serverInformation.schema_hash]).toEqual([false, server.schemaHash]);
    const rows = await session.query<"Task">(expression).all();
    expect([names(rows), rows.stale, session.online]).toEqual([["task 0", "task 1", "task 2"], true, false]);
    await expect(session.query("select name from Shot").all()).rejects.toThrow(NetworkError);
    server.answer = () => undefined;
    const fresh = await session.query(expression).all();
    expect([fresh.stale, session.online, fresh[0]]).toEqual([false, true, rows[0]]);
    server.rows.set("Shot", [{ __entity_type__: "Shot", id: uuid(9), name: "sh010" }]);
    expect((await session.query("select name from Shot").all()).length).toBe(1);
  });

  test("a session does not open for a policy that keeps nothing, nor with another key", async () => {
    const { server, schemaCachePath } = await prepared();
    offline(server);
    await expect(visit(server, { schemaCachePath, policy: "network-only", timeout: 1 })).rejects.toThrow(NetworkError);
    await expect(visit(server, { schemaCachePath, apiKey: "another-key", timeout: 1 })).rejects.toThrow(NetworkError);
    await expect(visit(server, { schemaCachePath, cache: null, timeout: 1 })).rejects.toThrow(NetworkError);
  });

  test("a session that is offline is online again by itself", async () => {
    const { server, schemaCachePath } = await prepared();
    offline(server);
    const { session } = await visit(server, { schemaCachePath });
    expect(session.online).toBe(false);
    server.answer = () => undefined;
    await expect.poll(() => session.online, { timeout: 5000 }).toBe(true);
    expect(session.serverInformation.version).toBe("4.13.2");
    offline(server);
    await expect(session.query("select name from Shot").all()).rejects.toThrow(NetworkError);
    expect(session.online).toBe(false);
    server.answer = () => undefined;
    dispatchEvent(new Event("online"));
    await expect.poll(() => session.online, { timeout: 500 }).toBe(true);
  });

  test("what is kept is shown before the server answers, and erased when it refuses then", async () => {
    const { server, schemaCachePath } = await prepared();
    let refuse!: (response: Response) => void;
    server.answer = () => new Promise((resolve) => (refuse = resolve));
    const { session } = await visit(server, { schemaCachePath, policy: "cache-first" });
    expect(names(await session.query<"Task">(expression).all())).toEqual(["task 0", "task 1", "task 2"]);
    expect((await ownDatabases()).length).toBe(1);
    refuse(new Response(JSON.stringify({ exception: "InvalidCredentialsError", content: "no", error_code: "x" })));
    await expect.poll(() => ownDatabases()).toEqual([]);
    await expect(visit(server, { schemaCachePath, policy: "cache-only", cache: null, timeout: 0.2 })).rejects.toThrow(NetworkError);
  });

  const REFUSAL = JSON.stringify({ exception: "InvalidCredentialsError", content: "no", error_code: "x" });
  test.each(["a query", "a commit", "the first answer after a time without a network"])("a key that is refused later, by %s, erases what was kept with it", async (by) => {
    const { server, schemaCachePath } = await prepared();
    if (by.startsWith("the first")) offline(server);
    const { session } = await visit(server, { schemaCachePath });
    const rows = await session.query<"Task">(expression).all();
    expect([rows.length, rows.stale, (await ownDatabases()).length]).toEqual([3, by.startsWith("the first"), 1]);
    server.answer = () => new Response(REFUSAL, { status: 401 });
    if (by === "a query") await expect(session.query(expression).all()).rejects.toThrow(AuthenticationError);
    if (by === "a commit") {
      rows[0]!.name = "renamed";
      await expect(session.commit()).rejects.toThrow(AuthenticationError);
    }
    await expect.poll(() => ownDatabases(), { timeout: 5000 }).toEqual([]);
    await expect(session.query(expression, { policy: "cache-only" }).all()).rejects.toThrow(NetworkError);
    server.answer = () => undefined;
    await session.query(expression).all(); // nothing is kept for it any more
    expect(await ownDatabases()).toEqual([]);
  });

  test("schemas that have changed meanwhile are fetched, and what was kept with the old ones is dropped", async () => {
    const { server, schemaCachePath } = await prepared();
    server.schemaHash = "another";
    const { session } = await visit(server, { schemaCachePath, policy: "cache-first" });
    expect(session.serverInformation.schema_hash).toBe("another");
    await expect(session.query(expression, { policy: "cache-only" }).all()).rejects.toThrow(/nothing of it is kept/);
  });

  test("and a refusal is no lack of a network: it erases what was kept with the key", async () => {
    const { server, schemaCachePath } = await prepared();
    expect((await ownDatabases()).length).toBe(1);
    server.answer = () => new Response(JSON.stringify({ exception: "InvalidCredentialsError", content: "no", error_code: "x" }));
    await expect(visit(server, { schemaCachePath })).rejects.toThrow(AuthenticationError);
    expect(await ownDatabases()).toEqual([]);
  });
});

describe("two tabs", () => {
  test("see what the other one fetches and commits, and nothing that is not committed", async () => {
    const server = serving();
    const [{ session: one }, { session: two }] = [await visit(server), await visit(server)];
    const [mine] = await one.query<"Task">(expression).all();
    const [theirs] = await two.query<"Task">(expression).all();
    await two.kept!.written();
    let told = 0;
    theirs!.subscribe(() => told++);
    mine!.name = "not committed yet";
    server.rows.set("Task", tasks(3, () => ({ bid: 7200 })));
    await one.query<"Task">("select bid from Task").all();
    await expect.poll(() => theirs!.bid).toBe(7200);
    expect([theirs!.name, told > 0]).toEqual(["task 0", true]);
    theirs!.bid = 1;
    await one.commit();
    await expect.poll(() => theirs!.name).toBe("not committed yet");
    expect(theirs!.bid).toBe(1);
    one.delete(mine!);
    await one.commit();
    await expect.poll(() => state(theirs!)).toBe("deleted");
  });

  test("hear nothing of each other with shareTabs: false", async () => {
    const server = serving();
    const [{ session: one }, { session: two }] = [await visit(server), await visit(server, { shareTabs: false })];
    const [mine] = await one.query<"Task">(expression).all();
    const [theirs] = await two.query<"Task">(expression).all();
    await two.kept!.written();
    mine!.name = "renamed";
    await one.commit();
    await one.kept!.written();
    const { session: three } = await visit(server, { policy: "cache-only" });
    expect((await three.query<"Task">(expression).all())[0]!.name).toBe("renamed");
    expect(theirs!.name).toBe("task 0");
  });
});

describe("what is kept", () => {
  test("belongs to one user and one key, and is forgotten on request", async () => {
    const server = serving();
    await first(server);
    for (const other of [{ apiKey: "another-key" }, { apiUser: `${apiUser} x` }, { serverUrl: "https://other.example" }]) {
      const { session } = await visit(server, { policy: "cache-only", ...other });
      await expect(session.query(expression).all()).rejects.toThrow(/nothing of it is kept/);
      await session.close();
    }
    await Session.forget({ serverUrl: `${serverUrl}/`, apiUser });
    const { session } = await visit(server, { policy: "cache-only" });
    await expect(session.query(expression).all()).rejects.toThrow(/nothing of it is kept/);
    const upload = { id: uuid(50), fileName: "shot.mov", size: 1, lastModified: 1, print: "p", created: true, locationId: "l", registrationId: "r", chunk: 1, uploadId: undefined, urls: [], handle: undefined };
    await uploadStore.save({ ...upload, serverUrl, apiUser });
    await uploadStore.savePart(upload.id, 1, "etag");
    await uploadStore.save({ ...upload, id: uuid(51), serverUrl, apiUser: `${apiUser} x` });
    await Session.forget({ serverUrl, apiUser });
    expect([(await uploadStore.all(serverUrl, apiUser)).length, (await uploadStore.parts(upload.id)).size, (await uploadStore.all(serverUrl, `${apiUser} x`)).length]).toEqual([0, 0, 1]);
    await Session.forget({ serverUrl, apiUser: `${apiUser} x` });
    const databases = vi.spyOn(indexedDB, "databases").mockReturnValue(new Promise(() => undefined));
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    const forgetting = expect(Session.forget({ serverUrl, apiUser })).rejects.toThrow(/no answer within 10000 ms/);
    vi.advanceTimersByTime(10_000);
    vi.useRealTimers();
    await forgetting;
    databases.mockRestore();
    await expect(Session.forget({ serverUrl } as { serverUrl: string; apiUser: string })).rejects.toThrow(/takes \{ serverUrl, apiUser \}/);
  });

  test("holds no credentials, and nothing that the server computes", async () => {
    const server = serving(1);
    server.rows.set("Task", tasks(1, () => ({ thumbnail_url: { value: "https://x/?apiKey=planted-key-4711" }, description: "a planted description" })));
    const { session } = await visit(server);
    await session.query("select name, description, thumbnail_url from Task").all();
    await session.close();
    const raw = await rawContents();
    expect(raw).toContain("a planted description");
    expect(raw).not.toContain("planted-key");
    expect(raw).not.toContain("4711");
    const again = await visit(server, { policy: "cache-only" });
    const [row] = await again.session.query<"Task">("select name, description, thumbnail_url from Task").all();
    expect([row!.description, row!.thumbnail_url]).toEqual(["a planted description", undefined]);
  });

  test("is not served when it is damaged", async () => {
    const server = serving();
    await first(server);
    await eachReply((bytes) => {
      bytes[bytes.length >> 1]! ^= 1;
    });
    const { session } = await visit(server, { policy: "cache-only" });
    await expect(session.query(expression).all()).rejects.toThrow(/nothing of it is kept/);
    const rows = await session.query(expression, { policy: "network-first" }).all();
    expect(rows.source).toBe("network");
  });

  test("makes way for another tab that deletes it, and goes on", async () => {
    const server = serving();
    const { session, warnings } = await visit(server);
    await session.query(expression).all();
    await expect.poll(async () => (await ownDatabases()).length).toBe(1);
    await Session.forget({ serverUrl, apiUser });
    await session.query(expression).all();
    await session.close();
    expect(warnings).toEqual([]);
    expect((await ownDatabases()).length).toBe(1);
  });
});

async function ownDatabases(): Promise<string[]> {
  return (await indexedDB.databases()).map(({ name }) => name!).filter((name) => name.includes(JSON.stringify(apiUser)));
}

/** Changes every stored reply of the test's user. */
async function eachReply(change: (bytes: Uint8Array) => void): Promise<void> {
  for (const name of await ownDatabases()) {
    const opened = await done(indexedDB.open(name));
    const store = opened.transaction("pieces", "readwrite").objectStore("pieces");
    for (const key of await done(store.getAllKeys())) {
      const stored = (await done(store.get(key))) as Uint8Array;
      change(stored);
      await done(store.put(stored, key));
    }
    opened.close();
  }
}

/** All that stands in the databases of the test's user, names and keys included, as text. */
async function rawContents(): Promise<string> {
  let raw = "";
  for (const name of await ownDatabases()) {
    const opened = await done(indexedDB.open(name));
    raw += name;
    for (const table of opened.objectStoreNames) {
      const store = opened.transaction(table).objectStore(table);
      raw += JSON.stringify(await done(store.getAllKeys()));
      for (const value of (await done(store.getAll())) as unknown[]) raw += value instanceof Uint8Array ? new TextDecoder().decode(value) : JSON.stringify(value);
    }
    opened.close();
  }
  return raw;
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error!);
  });
}
