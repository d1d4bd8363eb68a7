import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { Session, projectSchema } from "@ftrack/api";
import { startSandbox } from "./sandbox.js";

let sandbox, session;
before(async () => {
  sandbox = await startSandbox("-tasks", "500");
  session = new Session(sandbox.url, "demo", "demo-key", { autoConnectEventHub: false });
  await session.initializing;
});
after(() => sandbox?.stop());

test("open: information and schemas arrive", () => {
  assert.equal(session.serverVersion, "dev");
  assert.equal(session.schemas.length, 117);
  assert.deepEqual(session.getPrimaryKeyAttributes("Metadata"), ["parent_id", "key"]);
});

test("open: wrong credentials are refused", async () => {
  const wrong = new Session(sandbox.url, "demo", "wrong", { autoConnectEventHub: false });
  await assert.rejects(wrong.initializing, /API key/);
});

test("query: pages, relations and the same object for the same entity", async () => {
  const seen = new Set();
  let offset = 0;
  while (offset !== null) {
    const page = await session.query(`select name, status.name, parent.name, created_at from Task order by id offset ${offset} limit 200`);
    page.data.forEach((task) => seen.add(task.id));
    const statuses = new Map(page.data.map((task) => [task.status.id, task.status]));
    for (const task of page.data) {
      assert.ok(task.status.name);
      assert.ok(task.parent.name);
      assert.equal(statuses.get(task.status.id), task.status);
    }
    offset = page.metadata.next.offset;
  }
  assert.equal(seen.size, 500);
});

test("query: dates are decoded", async () => {
  const { data } = await session.query("select created_at from Task limit 1");
  assert.equal(data[0].created_at.isValid(), true);
});

test("query: a mistake is an error with the server's words", async () => {
  await assert.rejects(session.query("select nam from Task"), /nam/);
});

test("query: without cycles when asked", async () => {
  const { data } = await session.query("select asset.versions.version from AssetVersion limit 5", { ensureSerializableResponse: true });
  assert.ok(JSON.stringify(data).length > 0);
  assert.equal(typeof data[0].asset.versions[0].version, "number");
});

test("create, update and delete", async () => {
  const { data: [shot] } = await session.query("select project_id from Shot limit 1");
  const id = randomUUID();
  const made = await session.create("Task", { id, name: 'peer "task" \\ é', parent_id: shot.id });
  assert.equal(made.data.id, id);
  assert.equal(made.data.project_id, shot.project_id);
  assert.ok(made.data.status_id);
  const changed = await session.update("Task", [id], { name: "renamed", end_date: new Date("2024-05-06T07:08:09.123Z") });
  assert.equal(changed.data.name, "renamed");
  const { data: [read] } = await session.query(`select name, end_date, link from Task where id is "${id}"`);
  assert.equal(read.name, "renamed");
  assert.equal(read.end_date.toISOString(), "2024-05-06T07:08:09.000Z");
  assert.equal(read.link.at(-1).id, id);
  assert.equal((await session.delete("Task", [id])).data, true);
  assert.deepEqual((await session.query(`select id from Task where id is "${id}"`)).data, []);
});

test("ensure: creates once, then updates", async () => {
  const first = await session.ensure("User", { username: "peer", first_name: "Ann" }, ["username"]);
  const again = await session.ensure("User", { username: "peer", first_name: "Anna" }, ["username"]);
  assert.equal(first.id, again.id);
  const { data } = await session.query('select first_name from User where username is "peer"');
  assert.deepEqual(data.map((user) => user.first_name), ["Anna"]);
});

test("call: a batch is refused whole", async () => {
  const id = randomUUID();
  await assert.rejects(session.call([
    { action: "create", entity_type: "User", entity_data: { id, username: "half" } },
    { action: "delete", entity_type: "User", entity_key: ["nothing"] },
  ]), /There is no User/);
  assert.deepEqual((await session.query(`select id from User where id is "${id}"`)).data, []);
});

test("search", async () => {
  const found = await session.search({ expression: "select name from Task limit 20", entityType: "Task", terms: ["comp"], contextId: undefined, objectTypeIds: [] });
  assert.ok(found.data.length > 0);
  found.data.forEach((task) => assert.ok(task.id));
});

test("the statuses of a project schema", async () => {
  const { data: [schema] } = await session.query("select id from ProjectSchema limit 1");
  const { data: [type] } = await session.query('select id from Type where name is "Animation"');
  const statuses = await projectSchema.getStatuses(session, schema.id, "Task", type.id);
  assert.ok(statuses.length >= 9);
});
