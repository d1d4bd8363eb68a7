import { InvalidArgumentError, ServerError, Session } from "ftrack-wasm";
import { createSandbox } from "ftrack-wasm/sandbox";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { sandboxOf, sessionOn } from "./support/page-sandbox.js";

describe("a server inside the page", () => {
  test("answers a session's queries and takes its changes", async () => {
    const session = await sessionOn(await sandboxOf());
    const tasks = await session.query<"Task">("select name, status.name from Task").all();
    expect(tasks).toHaveLength(60);
    tasks[0]!.name = "renamed";
    await session.commit();
    expect(await session.query('select name from Task where name is "renamed"').all()).toEqual([tasks[0]]);
    await expect(session.query("select nope from Task").all()).rejects.toThrow(ServerError);
  });

  test("many requests at once get their own answers from one instance", async () => {
    const { fetch, serverUrl, apiUser, apiKey } = await sandboxOf();
    const ask = async (limit: number): Promise<number> => {
      const body = JSON.stringify([{ action: "query", expression: `select id from Task limit ${limit}` }]);
      const response = await fetch(`${serverUrl}/api`, { method: "POST", body, headers: { "ftrack-user": apiUser, "ftrack-api-key": apiKey } });
      expect(response.headers.get("content-type")).toContain("application/json");
      return ((await response.json()) as { data: unknown[] }[])[0]!.data.length;
    };
    const limits = Array.from({ length: 60 }, (_, i) => i + 1);
    expect(await Promise.all(limits.map(ask))).toEqual(limits);
  });

  test("tells of changes through its event server", async () => {
    const sandbox = await sandboxOf();
    const listener = await Session.open({ ...sandbox, schemaCachePath: false });
    onTestFinished(() => listener.close());
    const heard: unknown[] = [];
    listener.eventHub.subscribe("topic=ftrack.update", (event) => void heard.push((event.data as { entities: { entityId: string }[] }).entities[0]!.entityId));
    await listener.eventHub.connect();
    const writer = await sessionOn(sandbox);
    const task = (await writer.query<"Task">("select name from Task").first())!;
    task.name = "heard of";
    await writer.commit();
    await vi.waitFor(() => expect(heard).toEqual([task.id]), 10_000);
    await listener.eventHub.disconnect();
    expect(listener.eventHub.connected).toBe(false);
  });

  test("two of them do not know of each other", async () => {
    const [one, other] = await Promise.all([sandboxOf(), sandboxOf({ production: "empty" })]);
    expect(await (await sessionOn(one)).query("select id from Task").all()).toHaveLength(60);
    expect(await (await sessionOn(other)).query("select id from Task").all()).toHaveLength(0);
  });

  test("a request can be aborted, and knows its address", async () => {
    const sandbox = await sandboxOf();
    const { fetch, serverUrl } = sandbox;
    await expect(fetch(`${serverUrl}/api`, { method: "POST", body: "[]", signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
    const response = await fetch(`${serverUrl}/nothing/here`);
    expect(response.status).toBe(404);
    expect(response.url).toBe(`${serverUrl}/nothing/here`);
  });

  test("wrong options are refused", async () => {
    await expect(createSandbox({ production: "huge" as "demo" })).rejects.toThrow(InvalidArgumentError);
    await expect(createSandbox({ tasks: -1 })).rejects.toThrow(InvalidArgumentError);
    await expect(createSandbox({ persist: "" })).rejects.toThrow(InvalidArgumentError);
    for (const none of [5, "demo", []]) await expect(createSandbox(none as object)).rejects.toThrow("the options must be an object");
    await expect(createSandbox({ apiKey: "mine" } as object)).rejects.toThrow('unknown option "apiKey"');
  });

  test("a module that is not there is called by its own name", async () => {
    const failure = createSandbox({ wasm: new Response(null, { status: 404 }) });
    await expect(failure).rejects.toThrow("serve sandbox.wasm beside sandbox.js of the package");
  });

  test("null is no options, as for the calls of a session", async () => {
    const sandbox = await createSandbox(null);
    onTestFinished(() => sandbox.close());
    expect(sandbox.apiUser).toBe("demo");
  });

  test("answers nothing after its end: what waits is rejected, and what comes later", async () => {
    const sandbox = await sandboxOf();
    const session = await sessionOn(sandbox);
    const { fetch, serverUrl, apiUser, apiKey, WebSocket } = sandbox;
    const post = (): Promise<Response> =>
      fetch(`${serverUrl}/api`, { method: "POST", body: '[{"action":"query","expression":"select id from Task"}]', headers: { "ftrack-user": apiUser, "ftrack-api-key": apiKey } });
    const waiting = Promise.allSettled([post(), post().then((response) => response.text())]);
    await Promise.resolve();
    sandbox.close();
    expect((await waiting).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await expect(post()).rejects.toThrow("the sandbox is closed");
    await expect(session.query("Task").all()).rejects.toThrow("the sandbox is closed");
    const socket = new WebSocket(`${serverUrl.replace("http", "ws")}/socket.io/1/websocket/sid`);
    await new Promise((resolve) => (socket.onclose = resolve));
    sandbox.close();
  });
});
