import { NetworkError, ServerError, Session, TimeoutError, ftql } from "ftrack-wasm";
import { describe, expect, test } from "vitest";
import { FakeServer, never, tasks, uuid } from "./support/fake-server.js";
import { openSession } from "./support/session.js";

const reply = (rows: string): Response => new Response(`[{"action":"query","data":[${rows}],"metadata":{"next":{"offset":null}}}]`);

describe("a reply", () => {
  test("with __proto__ keys pollutes nothing", async () => {
    const { session, server } = await openSession();
    server.answer = () => reply('{"__proto__":{"polluted":1},"__entity_type__":"Task","id":"1","name":"a","thumbnail_url":{"__proto__":{"polluted":2}}}');
    const [task] = await session.query<"Task">("select name from Task").all();
    const url = task!.thumbnail_url as Record<string, unknown>;
    expect(Object.keys(url)).toEqual(["__proto__"]);
    JSON.stringify(task);
    task!.snapshot(["__proto__", "name", "thumbnail_url"]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect((task as unknown as { polluted?: number }).polluted).toBeUndefined();
  });

  test("with duplicate keys gives the last one, as JSON.parse does", async () => {
    const { session, server } = await openSession();
    server.answer = () => reply('{"__entity_type__":"Task","id":"0","name":"a","id":"1","name":"b"}');
    const [task] = await session.query<"Task">("select name from Task").all();
    expect([task!.id, task!.name]).toEqual(["1", "b"]);
  });

  test("of rows that are no objects is refused or given as it is, but breaks nothing", async () => {
    const { session, server } = await openSession();
    for (const rows of ['1,"x",null', '{"__entity_type__":"Task"}', '{"__entity_type__":5,"id":"1"}', '{"__entity_type__":"Task","id":{}}', "[[]]"]) {
      server.answer = () => reply(rows);
      await session.query("select name from Task").all().catch((error: unknown) => expect(error).toBeInstanceOf(ServerError));
    }
    server.answer = () => undefined;
    server.rows.set("Task", tasks(1));
    expect(await session.query("select name from Task").all()).toHaveLength(1);
  });

  test.each([
    ["cut off", '[{"action":"query","data":[{"__entity_type__":"Task","id"'],
    ["empty", ""],
    ["HTML", "<!doctype html><title>Sign in</title>"],
    ["nested too deep", "[".repeat(100_000)],
    ["of another shape", '{"surprise":true}'],
    ["shorter than the request", "[]"],
  ])("that is %s becomes an error with at most 200 bytes of it", async (_what, body) => {
    const { session, server } = await openSession(undefined, { timeout: 2 });
    server.answer = () => new Response(body);
    const error = (await session.call([{ action: "x" }]).catch((caught: unknown) => caught)) as Error;
    expect(error instanceof ServerError || error instanceof NetworkError).toBe(true);
    expect(error.message.length).toBeLessThan(500);
    server.answer = () => undefined;
    expect(await session.call([{ action: "x" }])).toEqual([{ action: "x" }]);
  });

  test("of 50 MB is read", async () => {
    const { session, server } = await openSession();
    const text = "x".repeat(1_000_000);
    server.answer = () => reply(Array.from({ length: 50 }, (_, i) => `{"__entity_type__":"Task","id":"${uuid(i)}","description":"${text}"}`).join());
    const rows = await session.query<"Task">("select description from Task").all();
    expect(rows).toHaveLength(50);
    expect(rows[49]!.description).toBe(text);
  }, 60_000);
});

describe("a server", () => {
  test("that never answers ends in a time-out", async () => {
    const { session, server } = await openSession(undefined, { timeout: 0.2 });
    server.answer = () => never();
    const waiting = session.query("Task").all();
    await expect(waiting).rejects.toThrow(NetworkError);
    await expect(waiting).rejects.toMatchObject({ code: expect.stringMatching(/TIMEOUT|NETWORK_ERROR/) as string });
    const opening = Session.open({ serverUrl: "https://x", apiKey: "k", apiUser: "u", timeout: 0.1, fetch: () => never() });
    await expect(opening).rejects.toThrow(TimeoutError);
  });

  test("that is not reached gives the reason, and no key", async () => {
    const opening = Session.open({ serverUrl: "https://studio.example", apiKey: "secret-key", apiUser: "u", timeout: 0.3, fetch: () => Promise.reject(new TypeError("connection refused")) });
    await expect(opening).rejects.toThrow(NetworkError);
    await expect(opening).rejects.not.toThrow(/secret-key/);
  });

  test("that fails for a moment is asked again", async () => {
    const { session, server } = await openSession();
    server.rows.set("Task", tasks(2));
    let failures = 1;
    server.answer = () => (failures-- > 0 ? new Response("busy", { status: 503 }) : undefined);
    expect(await session.query("select name from Task").all()).toHaveLength(2);
  });
});

test("a fetch that throws, or rejects with no error, is a network error", async () => {
  const server = new FakeServer();
  const { session } = await openSession(server, { timeout: 0.3 });
  server.answer = () => {
    throw "odd";
  };
  await expect(session.call([{ action: "x" }])).rejects.toThrow(NetworkError);
});

test("text of a user stays text, whatever quotes and backslashes it holds", async () => {
  const { session, server } = await openSession();
  const evil = [`a" or name is_not "`, `it's`, `both ' and "`, `back\\slash`, `\\" or 1 = 1 or name is "`, `\\`, `new\nline`, `limit 1`, `" offset 3 limit 5`];
  for (const text of evil) {
    server.requests.length = 0;
    const expression = ftql`select name from Task where name is ${text}`;
    await session.query(expression).all();
    // The core has parsed it and printed it anew: what had broken out would stand elsewhere, or not at all.
    expect(server.expressions).toEqual([`${expression} offset 0 limit 500`]);
  }
});
