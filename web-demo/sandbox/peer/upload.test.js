import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { Session } from "@ftrack/api";
import { pretendBrowser } from "./browser.js";
import { startSandbox } from "./sandbox.js";

const chunk = 64 * 1024;

let sandbox, session;
before(async () => {
  pretendBrowser(chunk);
  sandbox = await startSandbox("-tasks", "50");
  session = new Session(sandbox.url, "demo", "demo-key", { autoConnectEventHub: false });
  await session.initializing;
});
after(() => sandbox?.stop());

const credentials = { "ftrack-user": "demo", "ftrack-api-key": "demo-key" };
const sum = (bytes) => createHash("md5").update(bytes).digest("hex");

/** The bytes of a component, by the address that the client makes. */
async function download(id) {
  const response = await fetch(session.getComponentUrl(id));
  return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
}

for (const [name, size] of [["one byte", 1], ["one piece", 2 * chunk], ["parts", 5 * chunk + 1234]]) {
  test(`createComponent: ${name}`, async () => {
    const bytes = randomBytes(size);
    const progress = [];
    const [made, located, metadata] = await session.createComponent(new File([bytes], "a file.bin"), { onProgress: (percent) => progress.push(percent) });
    assert.equal("urls" in metadata, size > 2 * chunk, "in parts");
    const id = made.data.id;
    assert.equal(made.data.size, size);
    assert.equal(located.data.__entity_type__, "ComponentLocation");
    const { status, bytes: got } = await download(id);
    assert.equal(status, 200);
    assert.equal(sum(got), sum(bytes));
    assert.equal(progress.at(-1), 100);
    const { data: [location] } = await session.query(`select url, location.name from ComponentLocation where component_id is "${id}"`);
    assert.equal(location.location.name, "ftrack.server");
    assert.equal(sum(Buffer.from(await (await fetch(location.url.value)).arrayBuffer())), sum(bytes));
  });
}

test("createComponent: a file that was refused comes again, and goes with its component", async () => {
  const steer = (faults) => fetch(`${sandbox.url}/sandbox/uploads`, { method: "PUT", headers: credentials, body: JSON.stringify(faults) });
  const state = async () => (await fetch(`${sandbox.url}/sandbox/uploads`, { headers: credentials })).json();
  await steer({ parts: [0], attempts: 2, status: 500 }); // in parts, this client takes an upload for complete while a part waits to come again
  const bytes = randomBytes(chunk);
  const [made] = await session.createComponent(new File([bytes], "long.bin"));
  assert.deepEqual((await state()).attempts, { 200: 1, 500: 2 });
  await steer({});
  assert.equal(sum((await download(made.data.id)).bytes), sum(bytes));
  await session.delete("FileComponent", [made.data.id]);
  const now = await state();
  assert.deepEqual(now.uploads, {});
  assert.equal(now.components[made.data.id], undefined);
});

test("thumbnailUrl and getComponentUrl lead to what was uploaded", async () => {
  const pixel = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
  const [made] = await session.createComponent(new File([pixel], "pixel.png"));
  const image = await fetch(session.thumbnailUrl(made.data.id, { size: 100 }));
  assert.equal(image.status, 200);
  assert.match(image.headers.get("content-type"), /^image\//);
  assert.deepEqual((await download(made.data.id)).bytes, pixel);
});
