import { AuthenticationError, ConnectionClosedError, InvalidArgumentError, ServerCompatibilityError, ServerError, Session, SessionAuthentication } from "ftrack-wasm";
import type { SessionOptions } from "ftrack-wasm";
import { describe, expect, test } from "vitest";
import { FakeServer, json, tasks } from "./support/fake-server.js";
import { openSession } from "./support/session.js";

describe("Session.open", () => {
  test("tells what the server is, in one request", async () => {
    const { session, server } = await openSession(undefined, { serverUrl: "https://studio.example/", clientToken: "me", headers: { "x-studio": "yes" } });
    expect(session.serverUrl).toBe("https://studio.example");
    expect(session.apiUser).toBe("demo");
    expect(session.closed).toBe(false);
    expect(session.serverInformation.version).toBe("4.13.2");
    expect(session.schemas).toHaveLength(116);
    expect(session.schemas).toBe(session.schemas);
    expect(Object.keys(session.types)).toContain("Task");
    expect(session.types.Task!.entityType).toBe("Task");
    expect(server.requests).toHaveLength(1);
    const [{ url, headers }] = server.requests as [(typeof server.requests)[0]];
    expect(url).toBe("https://studio.example/api");
    expect(Object.fromEntries(["ftrack-user", "ftrack-api-key", "ftrack-clienttoken", "x-studio", "content-type"].map((name) => [name, headers.get(name)]))).toEqual({
      "ftrack-user": "demo",
      "ftrack-api-key": "secret-key",
      "ftrack-clienttoken": "me",
      "x-studio": "yes",
      "content-type": "application/json",
    });
  });

  test("takes what is unset from env", async () => {
    const server = new FakeServer();
    const env = { FTRACK_SERVER: "https://from.env", FTRACK_APIKEY: "old", FTRACK_API_USER: "env-user", PATH: "/bin" };
    const session = await Session.open({ env, fetch: server.fetch });
    expect([session.serverUrl, session.apiUser, server.requests[0]!.headers.get("ftrack-api-key")]).toEqual(["https://from.env", "env-user", "old"]);
    await session.close();
  });

  test.each<[string, object, RegExp]>([
    ["an unknown option", { serverURL: "x" }, /unknown option "serverURL".*serverUrl/s],
    ["a wrong type", { timeout: "60" }, /timeout must be a number of seconds/],
    ["a negative time", { timeout: -1 }, /timeout/],
    ["a wrong flag", { strictApi: 1 }, /strictApi must be true or false/],
    ["wrong headers", { headers: { a: 1 } }, /headers/],
    ["a wrong fetch", { fetch: "no" }, /fetch must be a function/],
    ["wrong credentials", { credentials: "yes" }, /same-origin/],
    ["wrong entity types", { entityTypes: { Task: 1 } }, /entityTypes/],
    ["a wrong signal", { signal: {} }, /signal must be an AbortSignal/],
    ["a wrong policy", { policy: "cache" }, /policy must be one of .*, not another text$/],
    ["a wrong plugin", { plugins: [5] }, /plugins must be a list of functions.*, not a list of something else$/],
    ["a server without a scheme", { serverUrl: "studio.test" }, /^Session.open: the option serverUrl has no scheme: write https/],
    ["a server with another scheme", { serverUrl: "ftp://studio.test" }, /^Session.open: the option serverUrl has another scheme than http and https: write https/],
    ["a user whom no header can carry", { apiUser: "ada ☃" }, /^Session.open: the option apiUser holds a character/],
    ["a server with white space", { serverUrl: " https://studio.test" }, /the option serverUrl has white space in it$/],
    ["a key that no header can carry", { apiKey: "secret-key\n" }, /^Session.open: the option apiKey holds a character/],
    ["a header that HTTP does not allow", { headers: { "a b": "" } }, /^Session.open: the option headers has a name/],
  ])("names %s", async (_what, wrong, message) => {
    const server = new FakeServer();
    const options = { serverUrl: "https://x", apiKey: "secret-key", apiUser: "u", fetch: server.fetch, ...wrong } as SessionOptions;
    const opening = Session.open(options);
    await expect(opening).rejects.toThrow(InvalidArgumentError);
    await expect(opening).rejects.toThrow(message);
    await expect(opening).rejects.not.toThrow(/secret-key/);
  });

  test.each(["serverUrl", "apiKey", "apiUser"])("names %s when it is missing", async (name) => {
    const server = new FakeServer();
    const options = { serverUrl: "https://x", apiKey: "secret-key", apiUser: "u", env: {}, fetch: server.fetch, [name]: undefined };
    await expect(Session.open(options)).rejects.toThrow(new RegExp(`${name} is missing`));
    expect(server.requests).toHaveLength(0);
  });

  test("refuses a server that is too old", async () => {
    const server = new FakeServer();
    server.answer = () => json([{ version: "3.2.9" }, []]);
    await expect(openSession(server)).rejects.toThrow(ServerCompatibilityError);
  });

  test("gives the server's refusal", async () => {
    const server = new FakeServer();
    server.answer = () => json({ exception: "InvalidCredentialsError", content: "The supplied API key is not valid.", error_code: "api_credentials_invalid" });
    const opening = openSession(server);
    await expect(opening).rejects.toThrow(AuthenticationError);
    await expect(opening).rejects.toMatchObject({ exception: "InvalidCredentialsError", errorCode: "api_credentials_invalid", code: "AUTHENTICATION" })
    await expect(opening).rejects.toThrow(ServerError);
    await expect(opening).rejects.not.toThrow(/secret-key/);
  });

  test("uses each session's own fetch, several opening at once", async () => {
    const servers = Array.from({ length: 5 }, () => new FakeServer());
    const sessions = await Promise.all(servers.map((server, i) => openSession(server, { apiUser: `user ${i}` })));
    for (const [i, { session }] of sessions.entries()) {
      expect(session.apiUser).toBe(`user ${i}`);
      await session.query("Task").all();
      expect(servers[i]!.requests.every(({ headers }) => headers.get("ftrack-user") === `user ${i}`)).toBe(true);
      expect(servers[i]!.requests).toHaveLength(2);
    }
  });
});

describe("call", () => {
  test("posts raw operations and gives the raw replies", async () => {
    const { session, server } = await openSession();
    server.answer = ({ operations }) => json(operations.map(({ action }) => ({ action, data: { __type__: "datetime", value: "x" } })));
    expect(await session.call([{ action: "one", n: 1 }, { action: "two" }])).toEqual([
      { action: "one", data: { __type__: "datetime", value: "x" } },
      { action: "two", data: { __type__: "datetime", value: "x" } },
    ]);
    expect(server.requests.at(-1)!.operations).toEqual([{ action: "one", n: 1 }, { action: "two" }]);
    await expect(session.call("no" as unknown as object[])).rejects.toThrow(InvalidArgumentError);
  });

  test("shows what a body is that is no reply", async () => {
    const { session, server } = await openSession();
    server.answer = () => new Response("<html>Gateway down</html>", { status: 418, statusText: "Teapot" });
    await expect(session.call([{ action: "x" }])).rejects.toMatchObject({ name: "ServerError", status: 418, message: expect.stringContaining("Gateway down") as string });
  });
});

test("decode reads tagged dates", async () => {
  const { session } = await openSession();
  expect(session.decode('{"a":[{"__type__":"datetime","value":"2020-01-02T03:04:05"}],"d":{"__type__":"date","value":"2020-01-02"},"e":{"__entity_type__":"Task","id":"1"}}')).toEqual({
    a: [new Date("2020-01-02T03:04:05Z")],
    d: "2020-01-02",
    e: expect.objectContaining({ entityType: "Task", id: "1" }) as object,
  });
  const hostile = session.decode('{"__proto__":{"when":{"__type__":"datetime","value":"2020-01-02T03:04:05"},"polluted":1}}') as object;
  expect(Object.keys(hostile)).toEqual(["__proto__"]);
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});

describe("close", () => {
  test("ends the session, once, and says so afterwards", async () => {
    const { session, server } = await openSession();
    server.rows.set("Task", tasks(1));
    const query = session.query("select name from Task");
    const [task] = await query.all();
    await Promise.all([session.close(), session.close()]);
    await session.close();
    expect(session.closed).toBe(true);
    for (const late of [session.query("Task").all(), session.query("Task").first(), session.get("Task", "1"), session.call([]), session.populate(task!, "bid"), task!.load("bid")]) {
      await expect(late).rejects.toThrow(ConnectionClosedError);
    }
    expect(await query.all()).toHaveLength(1);
    expect(await task!.load("name", { autoPopulate: false })).toBeUndefined();
  });

  test("leaves readable what was read of an entity since it last changed", async () => {
    const { session, server } = await openSession();
    server.rows.set("Task", tasks(2));
    const [read, changed] = await session.query<"Task">("select name from Task").all();
    expect([read!.name, changed!.name]).toEqual(["task 0", "task 1"]);
    changed!.description = "after it was read";
    expect(changed!.description).toBe("after it was read");
    await session.close();
    expect([read!.name, changed!.name, changed!.description]).toEqual(["task 0", undefined, "after it was read"]);
  });

  test("rejects what still waits", async () => {
    const { session, server } = await openSession();
    server.answer = () => new Promise(() => undefined);
    const waiting = [session.query("Task").all(), session.call([{ action: "x" }])].map((promise) => promise.catch((error: unknown) => error));
    await new Promise((resolve) => setTimeout(resolve, 5));
    await session.close();
    for (const outcome of await Promise.all(waiting)) expect(outcome).toBeInstanceOf(ConnectionClosedError);
    expect(server.requests.slice(1).every(({ signal }) => signal!.aborted)).toBe(true);
  });

  test("comes with the end of a scope", async () => {
    const { session } = await openSession();
    await session[Symbol.asyncDispose]();
    expect(session.closed).toBe(true);
  });
});

describe("SessionAuthentication", () => {
  const authentication = new SessionAuthentication({ apiKey: "secret-key", apiUser: "demo" });

  test("adds the credentials to a fetch init", () => {
    const init = { method: "POST", headers: { a: "b" } };
    const applied = authentication.apply(init);
    expect([applied.method, applied.headers.get("a"), applied.headers.get("ftrack-user"), applied.headers.get("ftrack-api-key")]).toEqual(["POST", "b", "demo", "secret-key"]);
    expect(init).toEqual({ method: "POST", headers: { a: "b" } });
    expect(authentication.apply().headers.get("ftrack-api-key")).toBe("secret-key");
  });

  test("prints redacted", () => {
    const inspect = (authentication as unknown as Record<symbol, () => string>)[Symbol.for("nodejs.util.inspect.custom")]!;
    for (const shown of [String(authentication), JSON.stringify(authentication), inspect.call(authentication), Object.values(authentication).join()]) {
      expect(shown).toContain("demo");
      expect(shown).not.toContain("secret-key");
    }
    // The search itself works: it finds a key where one is.
    expect(JSON.stringify({ key: "secret-key" })).toContain("secret-key");
  });

  test("names what is missing", () => {
    expect(() => new SessionAuthentication({ apiKey: "", apiUser: "u" })).toThrow(/apiKey/);
    expect(() => new SessionAuthentication({ apiKey: "k" } as { apiKey: string; apiUser: string })).toThrow(/apiUser/);
  });
});
