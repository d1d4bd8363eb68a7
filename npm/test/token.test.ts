import { AuthenticationError, InvalidArgumentError, NetworkError, Session } from "ftrack-wasm";
import type { SessionOptions } from "ftrack-wasm";
import { describe, expect, onTestFinished, test } from "vitest";
import { FakeServer, json, tasks } from "./support/fake-server.js";

/** A server that takes one token at a time, and tells those that it was sent. */
class Gateway extends FakeServer {
  good = "token-1";
  readonly tokens: (string | null)[] = [];

  constructor() {
    super();
    this.rows.set("Task", tasks(3));
    this.answer = ({ headers }) => {
      const sent = headers.get("authorization");
      this.tokens.push(sent);
      if (sent === `Bearer ${this.good}`) return undefined;
      return json({ exception: "InvalidCredentialsError", content: `The token ${sent} has expired.`, error_code: "token_expired" }, { status: 401 });
    };
  }
}

async function open(server: Gateway, options: SessionOptions): Promise<Session> {
  const session = await Session.open({ serverUrl: "https://gateway.example", apiUser: "ada", fetch: server.fetch, env: { FTRACK_API_KEY: "secret-key" }, schemaCachePath: false, ...options });
  onTestFinished(() => session.close());
  return session;
}

/** Gives token-1, token-2 and so on. */
function counted(): { source: () => Promise<string>; count: number } {
  const counter = { count: 0, source: async () => `token-${++counter.count}` };
  return counter;
}

describe("a token in the place of the key", () => {
  test("requests carry it, and neither key nor user", async () => {
    const server = new Gateway();
    const session = await open(server, { token: "token-1" });
    expect(await session.query("select name from Task").all()).toHaveLength(3);
    expect(server.requests.length).toBeGreaterThan(1);
    for (const { headers } of server.requests) {
      expect(headers.get("authorization")).toBe("Bearer token-1");
      expect(headers.get("ftrack-api-key")).toBeNull();
      expect(headers.get("ftrack-user")).toBeNull();
    }
  });

  test("a function is asked again when it has expired, once for a request", async () => {
    const server = new Gateway();
    const counter = counted();
    const session = await open(server, { token: counter.source });
    await session.query("select name from Task").all();
    expect(counter.count).toBe(1);
    server.good = "token-2";
    expect(await session.query("select name from Task").all()).toHaveLength(3);
    expect(counter.count).toBe(2);
    server.good = "another";
    const refused = session.query("select name from Task").all();
    await expect(refused).rejects.toThrow(AuthenticationError);
    await expect(refused).rejects.toThrow(/\[redacted\]/);
    await expect(refused).rejects.not.toThrow(/token-[23]/);
    expect(counter.count).toBe(3);
  });

  test("a commit that was refused so is sent again, and applied once", async () => {
    const server = new Gateway();
    const counter = counted();
    const session = await open(server, { token: counter.source });
    const [task] = await session.query<"Task">("select name from Task").all();
    server.good = "token-2";
    task!.name = "another";
    await session.commit();
    const updates = server.requests.filter(({ operations }) => operations[0]?.action === "update");
    expect(updates.map(({ headers }) => headers.get("authorization"))).toEqual(["Bearer token-1", "Bearer token-2"]);
  });

  test("requests that are refused together ask together", async () => {
    const server = new Gateway();
    const counter = counted();
    const session = await open(server, { token: counter.source });
    server.good = "token-2";
    await Promise.all(Array.from({ length: 10 }, (_, i) => session.query(`select name from Task where name is "${i}"`).all()));
    expect(counter.count).toBe(2);
  });

  test("a text that is refused is not sent again", async () => {
    const server = new Gateway();
    await expect(open(server, { token: "old" })).rejects.toThrow(AuthenticationError);
    expect(server.tokens).toEqual(["Bearer old"]);
  });

  test("a function without a token is a refusal that says why", async () => {
    for (const token of [() => Promise.reject(new Error("signed out")), () => "", () => 1 as unknown as string]) {
      const server = new Gateway();
      const opening = open(server, { token });
      await expect(opening).rejects.toThrow(AuthenticationError);
      await expect(opening).rejects.toThrow(/There is no token: (signed out|the option token gave (an empty text|number))/);
      expect(server.requests).toEqual([]);
    }
  });

  test("a function that meets no network is a network that fails, and is asked again", async () => {
    const server = new Gateway();
    let asked = 0;
    const session = await open(server, {
      token: () => (++asked === 1 ? Promise.reject(new TypeError("Failed to fetch")) : asked === 2 ? Promise.reject(new DOMException("late", "TimeoutError")) : "token-1"),
    });
    expect([asked, (await session.query("select name from Task").all()).length]).toEqual([3, 3]);
    await expect(open(server, { token: () => Promise.reject(new TypeError("Failed to fetch")), timeout: 0.5 })).rejects.toThrow(NetworkError);
    await expect(open(server, { token: () => Promise.reject(new TypeError("Failed to fetch")), timeout: 0.5 })).rejects.toThrow("the function of the option token reached nobody: Failed to fetch");
  });

  test("who waits for a token can leave", async () => {
    const server = new Gateway();
    let asked = 0;
    const session = await open(server, { token: () => (asked++ ? new Promise<string>(() => undefined) : "token-1") });
    server.good = "token-2";
    const leaving = new AbortController();
    const waiting = session.query("select name from Task", { signal: leaving.signal }).all();
    await expect.poll(() => asked).toBe(2);
    leaving.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    const closing = session.query("select name from Task").all();
    await session.close();
    await expect(closing).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
  });

  test("it goes to the server only, and stands beside no key", async () => {
    const server = new Gateway();
    await expect(open(server, { token: "token-1", apiKey: "key" })).rejects.toThrow(InvalidArgumentError);
    await expect(open(server, { token: 1 as unknown as string })).rejects.toThrow(/option token must be text, or a function/);
    await expect(open(server, { token: "" })).rejects.toThrow(InvalidArgumentError);
    expect(server.requests).toEqual([]);
  });
});
