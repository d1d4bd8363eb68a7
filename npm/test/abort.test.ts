import { Session } from "ftrack-wasm";
import { describe, expect, test } from "vitest";
import { FakeServer, json, never, tasks } from "./support/fake-server.js";
import { openSession } from "./support/session.js";

/** A signal that is aborted when the server has seen a number of requests, with a reason to recognise. */
function abortAt(server: FakeServer, count: number) {
  const controller = new AbortController();
  const reason = new Error("the user left");
  const { answer } = server;
  server.answer = (request) => {
    if (server.requests.length < count) return answer(request);
    queueMicrotask(() => controller.abort(reason));
    return never();
  };
  return { signal: controller.signal, reason };
}

const opening = { serverUrl: "https://studio.example", apiKey: "k", apiUser: "u" };

describe("a signal", () => {
  test("that is aborted already ends everything before it begins", async () => {
    const { session, server } = await openSession();
    server.requests.length = 0;
    const reason = new Error("before");
    const signal = AbortSignal.abort(reason);
    await expect(Session.open({ ...opening, fetch: server.fetch, signal })).rejects.toBe(reason);
    await expect(session.query("Task", { signal }).all()).rejects.toBe(reason);
    await expect(session.query("Task", { signal }).first()).rejects.toBe(reason);
    await expect(session.get("Task", "1", { signal })).rejects.toBe(reason);
    await expect(session.call([{ action: "x" }], { signal })).rejects.toBe(reason);
    expect(server.requests).toHaveLength(0);
  });

  test("ends the opening and its request", async () => {
    const server = new FakeServer();
    const { signal, reason } = abortAt(server, 1);
    await expect(Session.open({ ...opening, fetch: server.fetch, signal })).rejects.toBe(reason);
    expect(server.requests[0]!.signal!.aborted).toBe(true);
  });

  test("ends a query while its first page is fetched, and the request", async () => {
    const { session, server } = await openSession();
    server.requests.length = 0;
    const { signal, reason } = abortAt(server, 1);
    await expect(session.query("select name from Task", { signal }).all()).rejects.toBe(reason);
    await settle();
    expect(server.requests[0]!.signal!.aborted).toBe(true);
  });

  test("ends a query between pages; the rows that came stay", async () => {
    const { session, server } = await openSession();
    server.rows.set("Task", tasks(30));
    server.requests.length = 0;
    server.answer = () => (server.requests.length > 1 ? never() : undefined);
    const controller = new AbortController();
    const reason = new Error("the user left");
    const query = session.query<"Task">("select name from Task", { signal: controller.signal, pageSize: 10 });
    const seen: unknown[] = [];
    const loop = (async () => {
      for await (const task of query) {
        if (seen.push(task.name) === 10) queueMicrotask(() => queueMicrotask(() => controller.abort(reason)));
      }
    })();
    await expect(loop).rejects.toBe(reason);
    expect(seen).toHaveLength(10);
    expect(query.at(9)?.name).toBe("task 9");
    await settle();
    expect(server.requests.every((request, i) => i === 0 || request.signal!.aborted)).toBe(true);
  });

  test("ends a query while its reply is merged", async () => {
    const { session, server } = await openSession();
    server.rows.set("Task", tasks(20_000, (i) => ({ description: `text ${i}`.repeat(10) })));
    const controller = new AbortController();
    const reason = new Error("too late");
    const all = session.query("select name from Task", { signal: controller.signal, pageSize: 20_000 }).all();
    const outcome = all.then(
      () => "loaded",
      (error: unknown) => error,
    );
    setTimeout(() => controller.abort(reason), 15);
    expect(await outcome).toBe(reason);
    server.rows.set("Task", tasks(2));
    expect(await session.query("select name from Task").all()).toHaveLength(2);
  });

  test("ends a call, and the session goes on", async () => {
    const { session, server } = await openSession();
    server.requests.length = 0;
    const { signal, reason } = abortAt(server, 1);
    await expect(session.call([{ action: "x" }], { signal })).rejects.toBe(reason);
    server.answer = () => json([{ action: "y" }]);
    expect(await session.call([{ action: "y" }])).toEqual([{ action: "y" }]);
  });

  test("ends get and first", async () => {
    const { session, server } = await openSession();
    server.requests.length = 0;
    const one = abortAt(server, 1);
    await expect(session.get("Task", "1", { signal: one.signal })).rejects.toBe(one.reason);
    server.requests.length = 0;
    server.answer = () => undefined;
    const two = abortAt(server, 1);
    await expect(session.query("Task", { signal: two.signal }).first()).rejects.toBe(two.reason);
  });

  test("that is aborted after the end changes nothing", async () => {
    const { session, server } = await openSession();
    server.rows.set("Task", tasks(3));
    const controller = new AbortController();
    const query = session.query("select name from Task", { signal: controller.signal });
    await query.all();
    controller.abort();
    expect(await query.all()).toHaveLength(3);
  });
});

/** Lets the core hear of it. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}
