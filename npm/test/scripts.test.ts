// The scripts of session/testdata/scripts.json, which Go runs too: what ftrack-python was seen to send, and where this
// session sends fewer or smaller requests, those.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Session, primaryKey } from "ftrack-wasm";
import type { Collection, Entity, KeyedCollection } from "ftrack-wasm";
import { testServer } from "./support/server.js";
import type { TestServer } from "./support/server.js";
import file from "../../session/testdata/scripts.json" with { type: "json" };

interface Step {
  step: unknown[];
  error?: string;
  requests: object[][];
  ours?: object[][];
  why?: string;
}

/** An entity as these scripts use it, whatever its type. */
type Loose = Omit<Entity, "set"> & { [name: string]: unknown; load(path: string): Promise<unknown>; set(values: object): void; unset(name: string): void };

const ids = file.ids as Record<string, string>;
const contents = file.server as Record<string, Record<string, unknown>>;
const nobody = "d20bf22a-9d57-530b-a281-8672cf1fc23a";

let server: TestServer;
let seeder: Session;
let session: Session<Record<string, Loose>>;
let sent: string[] = [];
const entities = new Map<string, Loose>();

const recording: typeof fetch = (url, init) => {
  sent.push(typeof init?.body === "string" ? init.body : new TextDecoder().decode(init?.body as Uint8Array));
  return server.fetch(url, init);
};

beforeAll(async () => {
  server = await testServer("empty");
  seeder = await Session.open(server.options);
});

afterAll(async () => {
  await seeder.close();
  server.close();
});

const types = ["Metadata", "Task", "Shot", "Sequence", "Project", "Status", "Type", "Scope", "User", "CustomAttributeConfiguration", "CustomAttributeType"] as const;

async function cleared(): Promise<void> {
  for (const type of types) {
    const rows = (await seeder.query(type).all()).filter((row) => (row as { username?: string }).username !== "demo") as Entity[];
    const keys = rows.map((row) => Object.values(primaryKey(row))).filter(([id]) => Object.values(ids).includes(id!) || type !== "User");
    if (keys.length) await seeder.call(keys.map((key) => ({ action: "delete", entity_type: type, entity_key: key }))).catch(() => undefined);
  }
}

function reference(alias: string): object {
  return { __entity_type__: contents[alias]!.__entity_type__, id: ids[alias] };
}

/** Puts the file's entities on the server, what others refer to first. */
async function seed(): Promise<void> {
  const order = ["cn", "ct", "cc1", "cc2", "st1", "st2", "ty1", "sc1", "sc2", "sc3", "u1", "p1", "sq", "sh1", "t1", "t2"];
  const operations = order.map((alias) => {
    const data: Record<string, unknown> = { id: ids[alias] };
    for (const [name, value] of Object.entries(contents[alias]!)) {
      if (Array.isArray(value) && !["scopes"].includes(name)) continue;
      if (Array.isArray(value)) data[name] = value.map((each) => reference(each as string));
      else if (typeof value === "object" && value !== null) data[name] = reference((value as { ref: string }).ref);
      else if (name !== "context_type" && name !== "parent_id") data[name] = value;
    }
    const type = contents[alias]!.__entity_type__;
    return { action: "create", entity_type: type, entity_key: [ids[alias]], entity_data: { __entity_type__: type, ...data } };
  });
  await seeder.call(operations);
}

beforeEach(async () => {
  await cleared();
  await seed();
  entities.clear();
  session = await Session.open<Record<string, Loose>>({ ...server.options, fetch: recording, policy: "network-only" });
  sent = [];
  return () => session.close();
});

function entity(alias: unknown): Loose {
  return entities.get(alias as string)!;
}

function given(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const { ref, datetime, id } = value as { ref?: string; datetime?: string; id?: string };
  return ref ? entity(ref) : datetime ? new Date(datetime) : id ? ids[id] : value;
}

function data(values: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values as object).map(([name, value]) => [name, given(value)]));
}

const steps: Record<string, (...args: never[]) => unknown> = {
  load: async (alias: string, projections: string) =>
    entities.set(alias, await session.query(`select ${projections} from ${contents[alias]!.__entity_type__ as string} where id is "${ids[alias]!}"`).one()),
  create: (alias: string, type: string, values: object) => entities.set(alias, session.create(type, data(values))),
  set: (alias: string, name: string, value: unknown) => entity(alias).set({ [name]: given(value) }),
  unset: (alias: string, name: string) => entity(alias).unset(name),
  delete: (alias: string) => session.delete(entity(alias) as unknown as Entity),
  add: (alias: string, name: string, member: string) => (entity(alias)[name] as Collection).add(entity(member) as unknown as Entity),
  remove: (alias: string, name: string, member: string) => (entity(alias)[name] as Collection).remove(entity(member) as unknown as Entity),
  metadata: (alias: string, key: string, value: string) => (entity(alias).metadata as KeyedCollection).set(key, value),
  "metadata delete": (alias: string, key: string) => (entity(alias).metadata as KeyedCollection).delete(key),
  custom: (alias: string, key: string, value: unknown) => (entity(alias).custom_attributes as KeyedCollection).set(key, value),
  "custom delete": (alias: string, key: string) => (entity(alias).custom_attributes as KeyedCollection).delete(key),
  read: (alias: string, path: string) => entity(alias).load(path),
  populate: (aliases: string[], projections: string) => session.populate(aliases.map((alias) => entity(alias) as unknown as Entity), projections),
  query: (expression: string, end: "all" | "first" | "one") => session.query(expression)[end](),
  get: (type: string, key: string[] | { id: string }) => session.get(type, Array.isArray(key) ? key : (ids[key.id] ?? nobody)),
  ensure: async (alias: string, type: string, values: object, keys?: string[]) => entities.set(alias, await session.ensure(type, data(values), keys)),
  commit: () => session.commit(),
  rollback: () => session.rollback(),
};

/** Numbers the ids that the client made, as the file has them. */
function numbered(text: string): string {
  const known = new Set([...Object.values(ids), nobody]);
  let n = 0;
  const made = new Map<string, string>();
  for (const [alias, each] of entities) {
    const id = primaryKey(each as unknown as Entity).id;
    if (id && !contents[alias] && !known.has(id)) made.set(id, `00000000-0000-4000-8000-${String(++n).padStart(12, "0")}`);
  }
  for (const [id, number] of made) text = text.replaceAll(id, number);
  return text;
}

describe("a script sends the requests that it names", () => {
  test.each(file.cases.map(({ name, steps }) => [name, steps as Step[]] as const))("%s", async (_name, script) => {
    for (const { step, error, requests, ours, why } of script) {
      sent = [];
      const [what, ...args] = step as [string, ...never[]];
      const caught: unknown = await Promise.resolve()
        .then(() => steps[what]!(...args))
        .then(
          () => undefined,
          (reason: unknown) => reason,
        );
      expect(error ? (caught as Error).constructor.name : caught, JSON.stringify(step)).toBe(error);
      expect(sent.map(numbered), JSON.stringify(step)).toEqual((why ? ours! : requests).map((request) => JSON.stringify(request)));
    }
  });
});
