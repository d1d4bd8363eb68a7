import { beforeAll, describe, expect, inject, test } from "vitest";
import { Core } from "../src/core.js";
import type { CoreExports } from "../src/core.js";
import type { DefaultEntities } from "../src/generated/entities.js";
import { CoreCrashedError } from "../src/errors.js";
import { Session } from "../src/session.js";
import { FakeServer, never, tasks } from "./support/fake-server.js";

let bytes: ArrayBuffer;
beforeAll(async () => {
  bytes = await (await fetch(inject("faultyCore"))).arrayBuffer();
});

interface Mortal {
  session: Session;
  row: DefaultEntities["Task"];
  server: FakeServer;
}

/**
 * A session of a core that can be told to die, with an entity whose `name` was read and whose `id` was not. It has a local
 * change: what has none is read from memory, which cannot die.
 */
async function mortal(): Promise<Mortal> {
  const server = new FakeServer();
  server.rows.set("Task", tasks(1));
  const session = await Session.open({ serverUrl: "https://x", apiKey: "k", apiUser: "u", fetch: server.fetch, wasm: bytes });
  const row = (await session.query<"Task">("select name from Task").first())!;
  row.description = "changed";
  expect(row.name).toBe("task 0");
  server.answer = () => never();
  return { session, row, server };
}

/** The faults of `ftrack_fault`, an export that only this build has. */
const faults = { panics: 1, waits: 2, overflows: 3 };

/** Makes the next read of an attribute die. */
async function doomReads(fault: number): Promise<void> {
  const core = (await Core.shared()) as unknown as { exports: CoreExports & { ftrack_fault(kind: number): number }; readMark: number };
  const { exports } = core;
  core.exports = { ...exports, ftrack_read: () => exports.ftrack_fault(fault) };
  core.readMark = 0x100; // as a core says that marks what it reads
}

async function panicInGoroutine(): Promise<void> {
  const core = await Core.shared();
  await core.request(1, "fault", { kind: "goroutine" }).catch(() => undefined);
}

function read(row: Mortal["row"]): void {
  expect(row.id).toBeUndefined();
}

describe.each<[string, (row: Mortal["row"]) => Promise<void>, RegExp]>([
  ["a goroutine that panics", panicInGoroutine, /panic: a goroutine panicked on request/],
  ["an export that panics", (row) => doomReads(faults.panics).then(() => read(row)), /panic: an export panicked on request/],
  ["an export whose stack overflows", (row) => doomReads(faults.overflows).then(() => read(row)), /call stack|out of bounds|overflow/i],
  ["an export that waits", (row) => doomReads(faults.waits).then(() => read(row)), /a read gave kind/],
])("a core that dies of %s", (_what, kill, message) => {
  test("rejects what waits, keeps what was read, and is replaced", async () => {
    const { session, row, server } = await mortal();
    const other = await mortal();
    const waiting = session.call([{ action: "wait" }]).catch((error: unknown) => error);
    const across = other.session.query("Task").all().catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await kill(row);

    const error = (await waiting) as CoreCrashedError;
    expect(error).toBeInstanceOf(CoreCrashedError);
    expect(error.code).toBe("CORE_CRASHED");
    expect(error.message).toMatch(message);
    if (message.source.includes("panic")) expect(error.trace).toContain("ftrack-wasm/jsbridge."); // names, though no lines
    expect(await across).toBeInstanceOf(CoreCrashedError);
    expect(server.requests.at(-1)!.signal!.aborted).toBe(true);

    expect([session.closed, other.session.closed]).toEqual([true, true]);
    expect(row.name).toBe("task 0");
    expect(row.id).toBeUndefined();
    expect([...Object.keys(row.snapshot())]).toContain("name");
    await expect(session.get("Task", "1")).rejects.toThrow(CoreCrashedError);
    await expect(session.query("Task").all()).rejects.toThrow(CoreCrashedError);
    await expect(row.load("bid")).rejects.toThrow(CoreCrashedError);
    await session.close();

    const again = await mortal();
    expect(again.row.name).toBe("task 0");
    await Core.shared().then((core) => core.die("the next one begins with an instance of its own"));
  });
});
