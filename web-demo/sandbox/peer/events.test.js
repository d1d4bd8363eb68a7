import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Event, Session } from "@ftrack/api";
import WebSocket from "ws";
import { startSandbox } from "./sandbox.js";

globalThis.WebSocket ??= WebSocket; // which the client looks for before it sends, and Node 20 lacks

let sandbox;
const open = [];
before(async () => {
  sandbox = await startSandbox("-tasks", "100");
});
after(async () => {
  for (const session of open) session.eventHub.disconnect();
  await sandbox?.stop();
});

/** A session with a connected hub of its own: the client shares a socket between sessions of one user. */
async function connected() {
  const session = new Session(sandbox.url, "demo", "demo-key", { autoConnectEventHub: false });
  await session.initializing;
  session.eventHub.connect();
  open.push(session);
  await until(() => session.eventHub.isConnected());
  return session;
}

async function until(condition) {
  for (const end = Date.now() + 20_000; !(await condition()); ) {
    assert.ok(Date.now() < end, "it did not happen within twenty seconds");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Asks the sandbox what it has, or steers it. */
async function control(method, path, body) {
  const response = await fetch(`${sandbox.url}/sandbox/${path}`, {
    method, headers: { "ftrack-user": "demo", "ftrack-api-key": "demo-key", "content-type": "application/json" }, body: body && JSON.stringify(body),
  });
  assert.equal(response.status, 200, await response.clone().text());
  return response.json();
}

test("events: subscribe, publish, and an answer to who asked", async () => {
  const session = await connected();
  const seen = [];
  session.eventHub.subscribe("topic=peer.question", (event) => {
    seen.push(event.data);
    return { answer: event.data.question.length };
  });
  const reply = await session.eventHub.publishAndWaitForReply(new Event("peer.question", { question: 'how: "long"?' }), { timeout: 10 });
  assert.deepEqual(reply.data, { answer: 12 });
  assert.deepEqual(seen, [{ question: 'how: "long"?' }]);
  assert.equal(reply.inReplyToEvent !== null, true);
});

test("events: a write of somebody is told", async () => {
  const session = await connected();
  const events = [];
  session.eventHub.subscribe("topic=ftrack.update", (event) => void events.push(event));
  await until(async () => (await control("GET", "events")).subscribers >= 3); // its own for replies, that of the test before, and this one
  const { data: [task] } = await session.query("select id, name from Task limit 1");
  await session.update("Task", [task.id], { name: "told" }, { pushToken: "push" });
  await until(() => events.length > 0);
  assert.deepEqual(events[0].data.entities[0].changes, { name: { old: task.name, new: "told" } });
  assert.equal(events[0].data.clientToken, session.clientToken);
  assert.equal(events[0].data.pushToken, "push");
});

test("events: the socket comes back after it was cut", async () => {
  const session = await connected();
  const served = (await control("GET", "events")).served;
  assert.ok((await control("POST", "events/cut")).cut >= 1);
  await until(async () => (await control("GET", "events")).served > served);
  await until(() => session.eventHub.isConnected());
});
