import { Session } from "ftrack-wasm";
import type { SessionOptions } from "ftrack-wasm";
import { describe, expect, onTestFinished, test } from "vitest";
import { FakeServer, tasks } from "./support/fake-server.js";

const inBrowser = typeof indexedDB === "object";
let next = 0;

/** A place of a test's own for schemas: a database, or a folder. */
function place(): string {
  next++;
  return inBrowser ? `schemas of test ${next} ${Math.random()}` : `${process.env.FTRACK_API_SCHEMA_CACHE_PATH!}/test-${next}-${Math.random()}`;
}

const BOTH = ["query_server_information", "query_schemas"];

/** Opens a session and gives the actions of its requests, one list a request. */
async function open(server: FakeServer, schemaCachePath: string | false | undefined, options: SessionOptions = {}): Promise<{ session: Session; requests: string[][]; warnings: string[] }> {
  server.requests.length = 0;
  const warnings: string[] = [];
  const session = await Session.open({
    serverUrl: "https://studio.example/", apiKey: "planted-key-4711", apiUser: "demo", fetch: server.fetch, logger: { warn: (text) => void warnings.push(text) },
    ...(schemaCachePath !== undefined && { schemaCachePath }), ...options,
  });
  onTestFinished(() => session.close());
  return { session, requests: server.requests.map(({ operations }) => operations.map(({ action }) => action)), warnings };
}

/** Opens sessions until the schemas are kept; saving happens behind the first one's back. */
async function kept(server: FakeServer, path: string): Promise<void> {
  await expect.poll(async () => (await open(server, path)).requests).toEqual([["query_server_information"]]);
}

function hashed(): FakeServer {
  const server = new FakeServer();
  server.schemaHash = "23a1157b8b1730fd91c76f63dcd67a8f";
  return server;
}

describe("kept schemas", () => {
  test("make the second open one small request, with the same types", async () => {
    const server = hashed();
    const path = place();
    const first = await open(server, path);
    expect(first.requests).toEqual([BOTH]);
    await kept(server, path);
    const { session, warnings } = await open(server, path);
    expect(session.schemas).toEqual(first.session.schemas);
    expect(Object.keys(session.types)).toEqual(Object.keys(first.session.types));
    server.rows.set("Task", tasks(3));
    expect((await session.query("select name, status.name from Task").all()).length).toBe(3);
    expect(warnings).toEqual([]);
  });

  test("are asked for again when the server's hash is another, and replaced", async () => {
    const server = hashed();
    const path = place();
    await kept(server, path);
    server.schemaHash = "another";
    expect((await open(server, path)).requests).toEqual([["query_server_information"], ["query_schemas"]]);
    await kept(server, path);
  });

  test("of one server are not those of another", async () => {
    const server = hashed();
    const path = place();
    await kept(server, path);
    expect((await open(server, path, { serverUrl: "https://other.example" })).requests).toEqual([BOTH]);
    expect((await open(server, path)).requests).toEqual([["query_server_information"]]);
  });

  test("need a hash, and schemaCachePath false keeps none", async () => {
    const path = place();
    const server = new FakeServer();
    for (let i = 0; i < 3; i++) expect((await open(server, path)).requests).toEqual([BOTH]);
    const other = hashed();
    for (let i = 0; i < 3; i++) expect((await open(other, false)).requests).toEqual([BOTH]);
    await expect(open(other, "")).rejects.toThrow(/schemaCachePath/);
  });

  test("that are damaged are asked for again", async () => {
    const server = hashed();
    const path = place();
    await kept(server, path);
    await tamper(path, (text) => text.replace('"Task"', '"Tusk"'));
    const { requests, session } = await open(server, path);
    expect(requests).toEqual([BOTH]);
    expect(Object.keys(session.types)).toContain("Task");
    await kept(server, path);
  });

  test("hold no credentials", async () => {
    const server = hashed();
    const path = place();
    await kept(server, path);
    let seen = "";
    await tamper(path, (text) => (seen = text));
    expect(seen).toContain("CustomAttributeConfiguration");
    expect(seen).not.toContain("planted-key-4711");
  });

  test("that cannot be reached fail no session, and are reported once", async () => {
    const path = place();
    await spoil(path);
    const { warnings, requests, session } = await open(hashed(), path);
    expect(requests).toEqual([BOTH]);
    expect(session.closed).toBe(false);
    await expect.poll(() => warnings.length).toBe(1);
    expect(warnings[0]).toMatch(/schema cache could not be read.*schemaCachePath: false/);
  });
});

/** Changes the stored text of the one server there is. */
async function tamper(path: string, change: (text: string) => string): Promise<void> {
  if (!inBrowser) {
    const { readFile, readdir, writeFile } = await import("node:fs/promises");
    const [file] = await readdir(path);
    return writeFile(`${path}/${file!}`, change(await readFile(`${path}/${file!}`, "utf8")));
  }
  const database = await done(indexedDB.open(path));
  const rows = database.transaction("schemas", "readwrite").objectStore("schemas");
  const row = (await done(rows.get("https://studio.example"))) as { text: string };
  await done(rows.put({ ...row, text: change(row.text) }, "https://studio.example"));
  database.close();
}

/** Puts something in the place of the store that makes it fail: a database of a later version, a file. */
async function spoil(path: string): Promise<void> {
  if (inBrowser) (await done(indexedDB.open(path, 7))).close();
  else {
    const { mkdir, writeFile } = await import("node:fs/promises");
    await mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await writeFile(path, "");
  }
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error!);
  });
}
