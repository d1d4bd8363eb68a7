import { Session } from "ftrack-wasm";
import { beforeAll, expect, inject, test, vi } from "vitest";
import { FakeServer } from "./support/fake-server.js";

let core: ArrayBuffer;
beforeAll(async () => {
  core = await (await fetch(inject("faultyCore"))).arrayBuffer();
});

const reply = (type: string | undefined) => () => new Response(core.slice(0), type ? { headers: { "content-type": type } } : {});

test.each<[string, () => unknown]>([
  ["its address as text", () => inject("faultyCore")],
  ["its address", () => new URL(inject("faultyCore"))],
  ["a response", reply("application/wasm")],
  ["a response of parameterised type", reply("application/wasm; charset=binary")],
  ["a response of a wrong type", reply("application/octet-stream")],
  ["a response of no type", reply(undefined)],
  ["a promise of a response", () => fetch(inject("faultyCore"))],
  ["bytes", () => core],
  ["a view of bytes", () => new Uint8Array(core)],
  ["a view into other bytes", () => { const all = new Uint8Array(core.byteLength + 8); all.set(new Uint8Array(core), 8); return all.subarray(8); }],
  ["a compiled module", () => WebAssembly.compile(core)],
])("a module is loaded from %s", async (_what, source) => {
  vi.resetModules();
  const fresh = (await import("ftrack-wasm")) as { Session: typeof Session };
  const session = await fresh.Session.open({ serverUrl: "https://x", apiKey: "k", apiUser: "u", fetch: new FakeServer().fetch, wasm: source() as Response });
  expect(session.serverUrl).toBe("https://x");
  await session.close();
});

test("nothing leaks into the page's globals", async () => {
  const before = Object.getOwnPropertyNames(globalThis);
  const session = await Session.open({ serverUrl: "https://x", apiKey: "k", apiUser: "u", fetch: new FakeServer().fetch, wasm: core });
  await session.close();
  expect(Object.getOwnPropertyNames(globalThis).filter((name) => !before.includes(name))).toEqual([]);
});
