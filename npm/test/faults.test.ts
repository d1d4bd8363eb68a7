import { beforeAll, describe, expect, inject, test } from "vitest";
import { Core } from "../src/core.js";
import { CorePanicError, ModuleLoadError } from "../src/errors.js";
import { FakeServer } from "./support/fake-server.js";

let module: WebAssembly.Module;
beforeAll(async () => {
  module = await WebAssembly.compile(await (await fetch(inject("faultyCore"))).arrayBuffer());
});

/** The real core with a session open in it. */
async function start(): Promise<{ core: Core; session: number }> {
  const core = await Core.start(module);
  const settings = { fetch: new FakeServer().fetch, credentials: "omit", network: { online: true } } as const;
  const opened = await core.request(0, "open", { serverUrl: "https://x", apiKey: "k", apiUser: "u" }, { settings });
  return { core, session: (JSON.parse(opened.kind === "value" ? opened.text : "") as { session: number }).session };
}

describe("the real core", () => {
  test("survives a panic of an operation, which rejects", async () => {
    const { core, session } = await start();
    const failing = core.request(session, "fault", { kind: "recovered" });
    await expect(failing).rejects.toThrow(CorePanicError);
    await expect(failing).rejects.toThrow(/panicked on request/);
    expect(core.dead).toBe(false);
    await expect(core.request(session, "schemas", {})).resolves.toMatchObject({ kind: "value" });
  });

  test("cancels what waits when the signal says so", async () => {
    const { core, session } = await start();
    const controller = new AbortController();
    const hanging = core.request(session, "fault", { kind: "hang" }, { signal: controller.signal });
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(hanging).rejects.toBe(reason);
    await expect(core.request(session, "fault", { kind: "unheard of" })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });
});

test("a module that is another program is refused", async () => {
  const empty = new WebAssembly.Module(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
  await expect(Core.start(empty)).rejects.toThrow(ModuleLoadError);
});
