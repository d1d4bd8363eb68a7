import { ModuleLoadError, Session, VERSION } from "ftrack-wasm";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { FakeServer } from "./support/fake-server.js";

const options = { serverUrl: "https://x", apiKey: "k", apiUser: "u", fetch: new FakeServer().fetch };

/** Tries to open a session with a source for the module. */
function open(wasm: NonNullable<Parameters<typeof Session.open>[0]>["wasm"]): Promise<Session> {
  return Session.open({ ...options, wasm: wasm! });
}

let files: string;
let core: ArrayBuffer;
beforeAll(async () => {
  files = inject("faultyCore").replace("faults.wasm", "");
  core = await (await fetch(inject("faultyCore"))).arrayBuffer();
});

/** A module like the real one, of another version. */
function otherVersion(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(core.slice(0));
  const text = new TextDecoder("latin1").decode(bytes);
  const at = text.indexOf(VERSION);
  expect(at).toBeGreaterThan(0);
  for (let from = at; from >= 0; from = text.indexOf(VERSION, from + 1)) bytes.set(new TextEncoder().encode("9.9.9".padEnd(VERSION.length).slice(0, VERSION.length)), from);
  return bytes;
}

const reply = (body: BodyInit, type: string, status = 200) => new Response(body, { status, headers: { "content-type": type } });

describe("a module that does not load", () => {
  test.each<[string, () => Parameters<typeof open>[0], RegExp]>([
    ["is not found", () => `${files}nowhere.wasm`, /nowhere\.wasm answered 404.*optimizeDeps: \{ exclude: \["ftrack-wasm"\] \}/s],
    ["is a page", () => reply("<!doctype html><html></html>", "text/html"), /is HTML, not WebAssembly.*optimizeDeps/s],
    ["is a page under the right type", () => reply("<!doctype html><html></html>", "application/wasm"), /did not compile/],
    ["is something else", () => reply("hello", "text/plain"), /is not WebAssembly/],
    ["is empty", () => reply("", "text/plain"), /is empty/],
    ["is cut off", () => core.slice(0, 5000), /did not compile.*whole/s],
    ["is refused", () => reply("", "text/plain", 403), /answered 403/],
    ["comes from no server", () => "http://127.0.0.1:9/ftrack.wasm", /could not be fetched/],
    ["has an address that is none", () => "http://", /is no address/],
    ["was promised in vain", () => Promise.reject(new Error("lost")), /rejected: lost/],
    ["is a number", () => Promise.resolve(5 as unknown as string), /`wasm` is a number; it takes a URL/],
    ["is another program", () => new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]), /./],
    ["is of another version", otherVersion, new RegExp(`version 9\\.9\\.9.*JavaScript of ftrack-wasm is version ${VERSION.replaceAll(".", "\\.")}`)],
  ])("because it %s says what to do", async (_what, source, message) => {
    const opening = open(source());
    await expect(opening).rejects.toThrow(ModuleLoadError);
    await expect(opening).rejects.toThrow(message);
    await expect(opening).rejects.toMatchObject({ code: "MODULE_LOAD" });
  });
});

test("a load that failed is tried again", async () => {
  await expect(open(`${files}nowhere.wasm`)).rejects.toThrow(ModuleLoadError);
  const session = await Session.open(options);
  expect(session.serverInformation.version).toBe("4.13.2");
  const another = await open(`${files}nowhere.wasm`); // there is an instance by now, so it is not asked for
  await Promise.all([session.close(), another.close()]);
});
