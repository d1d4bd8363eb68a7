import { AuthenticationError, NetworkError, Session } from "ftrack-wasm";
import type { SessionOptions } from "ftrack-wasm";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { subjectOf } from "../src/token.js";
import { FakeServer, tasks } from "./support/fake-server.js";

type Token = NonNullable<SessionOptions["token"]>;

const serverUrl = "https://gateway.example";
const expression = "select name, bid, status.name from Task";
let ada = "";
let users = 0;

beforeEach(() => {
  ada = `ada ${users++} ${Math.random()}`;
});

afterEach(async () => {
  await Session.forget({ serverUrl, apiUser: ada });
});

const part = (content: unknown): string => btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(content)))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** A token as a gateway takes it; each is another one. */
let signed = 0;
const tokenOf = (sub: string): string => [part({ alg: "HS256", typ: "JWT" }), part({ sub, scope: "read", aud: "ftrack-gateway", exp: 2e9 + signed++ }), part(`signature ${signed}`)].join(".");

/** A server with rows, whose network can be cut. */
class Gateway extends FakeServer {
  cut = false;

  constructor() {
    super();
    this.schemaHash = "hash";
    this.rows.set("Task", tasks(3));
    this.answer = () => {
      if (this.cut) throw new TypeError("the wire is cut");
      return undefined;
    };
  }
}

async function open(server: Gateway, options: SessionOptions): Promise<Session & { warnings: string[] }> {
  const warnings: string[] = [];
  const session = await Session.open({ serverUrl, apiUser: ada, fetch: server.fetch, schemaCachePath: `schemas of ${ada}`, policy: "network-first", timeout: 1, logger: { warn: (text) => void warnings.push(text) }, ...options });
  onTestFinished(() => session.close());
  return Object.assign(session, { warnings });
}

const names = async (session: Session): Promise<string> => (await session.query<"Task">(expression).all()).map(({ name }) => name).join();
const ALL = "task 0,task 1,task 2";

/** A server from which ada has fetched rows, and that cannot be reached any more. */
async function left(token: Token): Promise<Gateway> {
  const server = new Gateway();
  const session = await open(server, { token });
  expect(await names(session)).toBe(ALL);
  expect(await session.kept!.written()).toBe(true);
  await session.close();
  server.cut = true;
  return server;
}

test.each<[string, (token: string) => Token]>([
  ["a text", (token) => token],
  ["a function", (token) => () => token],
  ["a function that takes its time", (token) => () => new Promise((resolve) => setTimeout(() => resolve(token), 60))],
])("another token of the same user opens what is kept (%s)", async (_, as) => {
  const server = await left(as(tokenOf(ada)));
  const session = await open(server, { token: as(tokenOf(ada)) });
  expect([session.online, await names(session), session.warnings]).toEqual([false, ALL, []]);
});

test.each<[string, (token: string) => Token]>([
  ["a text", (token) => token],
  ["a function", (token) => () => token],
])("a token of another user opens nothing of it, whatever apiUser says (%s)", async (_, as) => {
  const server = await left(as(tokenOf(ada)));
  await expect(open(server, { token: as(tokenOf("bob")) })).rejects.toThrow(NetworkError);
  await expect(open(server, { token: as(tokenOf("bob")), policy: "cache-first" })).rejects.toThrow(NetworkError);
  server.cut = false;
  server.rows.set("Task", tasks(1, () => ({ name: "bob's" })));
  const bob = await open(server, { token: as(tokenOf("bob")), policy: "cache-first" });
  expect(await names(bob)).toBe("bob's");
  expect(await bob.kept!.written()).toBe(true);
  await bob.close();
  server.cut = true;
  expect(await names(await open(server, { token: as(tokenOf("bob")) }))).toBe("bob's");
  expect(await names(await open(server, { token: as(tokenOf(ada)) }))).toBe(ALL); // nothing of it was lost, or mixed up
});

test("a function that gives another user's token late: what is kept is shown no more, and nothing is kept", async () => {
  const server = await left(() => tokenOf(ada));
  let give!: (token: string) => void;
  const session = await open(server, { token: () => new Promise((resolve) => (give = resolve)), policy: "cache-first" });
  expect(await names(session)).toBe(ALL); // nobody knows yet who it is
  give(tokenOf("bob"));
  await expect.poll(() => session.warnings).toEqual([expect.stringMatching(/token is another user's/)]);
  await expect(session.query(expression).all()).rejects.toThrow(NetworkError);
  server.cut = false;
  server.rows.set("Task", tasks(1, () => ({ name: "bob's" })));
  expect(await names(session)).toBe("bob's");
  expect(await session.kept!.written()).toBe(false);
  await session.close();
  server.cut = true;
  expect(await names(await open(server, { token: tokenOf(ada) }))).toBe(ALL);
});

test.each(["network-first", "cache-first"] as const)("without a network to fetch a token from, what is kept opens, and stays (%s)", async (policy) => {
  const server = await left(() => tokenOf(ada));
  const token = (): Promise<string> => (server.cut ? Promise.reject(new TypeError("Failed to fetch")) : Promise.resolve(tokenOf(ada)));
  const session = await open(server, { token, policy });
  expect(await names(session)).toBe(ALL);
  await expect(session.query("select name from Shot").all()).rejects.toThrow(NetworkError);
  expect(session.online).toBe(false);
  server.cut = false;
  server.rows.set("Task", tasks(1, () => ({ name: "fresh" })));
  await expect.poll(() => session.query<"Task">(expression, { policy: "network-first" }).all().then(([task]) => task?.name)).toBe("fresh");
  await session.close();
});

test("a function that says that there is no token is a refusal: nothing that was kept stays", async () => {
  const server = await left(() => tokenOf(ada));
  await expect(open(server, { token: () => Promise.reject(new Error("signed out")) })).rejects.toThrow(AuthenticationError);
  await expect(open(server, { token: tokenOf(ada) })).rejects.toThrow(NetworkError);
});

test("of a token that names nobody nothing is known but apiUser", async () => {
  const server = await left("opaque-1");
  const session = await open(server, { token: "opaque-2" });
  expect([await names(session), session.warnings]).toEqual([ALL, []]);
  await expect(open(server, { token: "opaque-1", apiUser: `${ada} the other` })).rejects.toThrow(NetworkError);
});

test("no name of a database holds a token, or another user that one names", async () => {
  const token = tokenOf("planted-subject");
  await (await open(new Gateway(), { token })).close();
  const all = (await indexedDB.databases()).map(({ name }) => name ?? "").filter((name) => name.includes(ada));
  expect(all.length).toBeGreaterThan(0);
  for (const name of all) for (const each of ["planted-subject", ...token.split(".")]) expect(name).not.toContain(each);
});

test("whom a token names", () => {
  expect([tokenOf("ada"), tokenOf("Zoë"), tokenOf(""), "opaque", "a.b", "a.b.c", `x.${part("text")}.y`, `x.${part({ sub: 7 })}.y`, `x.${part(null)}.y`, ""].map(subjectOf)).toEqual([
    "ada", "Zoë", undefined, undefined, undefined, undefined, undefined, undefined, undefined, undefined,
  ]);
});
