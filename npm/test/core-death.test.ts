import { CoreCrashedError, Session } from "ftrack-wasm";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { openSession } from "./support/session.js";

type Row = { id: unknown; name: unknown };

let core: ArrayBuffer;

beforeAll(async () => {
  core = await (await fetch(inject("mortalCore"))).arrayBuffer();
});

/** A session of the core that dies on request, with an entity whose `id` was read and whose `name` was not. */
async function mortal(): Promise<{ session: Session; row: Row }> {
  const session = await Session.open({ serverUrl: "https://x", apiKey: "k", apiUser: "u", wasm: core });
  const row = (await session.get("Task", "1")) as unknown as Row;
  expect(row.id).toBe(true);
  return { session, row };
}

/** Kills the core of a session; an export dies by a read. */
async function kill(session: Session, row: Row, way: string): Promise<void> {
  await session.call([{ action: way }]).catch(() => undefined);
  expect(row).toHaveProperty("name");
}

describe.each([
  ["a goroutine that panics", "goroutine panic", /panic: a goroutine panicked/],
  ["a callback that panics", "callback panic", /panic: a callback panicked/],
  ["a fault of the runtime", "exit", /nil pointer/],
  ["a stack that overflows", "stack overflow", /call stack|out of bounds|overflow/i],
  ["an export that panics", "export panic", /panic: an export panicked/],
  ["an export whose stack overflows", "export overflow", /call stack|out of bounds|overflow/i],
  ["an export that waits", "blocked export", /read/],
])("a core that dies of %s", (_what, way, message) => {
  test("rejects what waits, keeps what was read, and is replaced", async () => {
    const { session, row } = await mortal();
    const other = await mortal();
    const waiting = session.call([{ action: "wait" }]).catch((error: unknown) => error);
    const across = other.session.call([{ action: "wait" }]).catch((error: unknown) => error);
    await kill(session, row, way);

    const error = (await waiting) as CoreCrashedError;
    expect(error).toBeInstanceOf(CoreCrashedError);
    expect(error.code).toBe("CORE_CRASHED");
    expect(error.message).toMatch(message);
    expect(error.trace).toBeTypeOf("string");
    expect(await across).toBeInstanceOf(CoreCrashedError);

    expect([session.closed, other.session.closed]).toEqual([true, true]);
    expect(row.id).toBe(true);
    expect(row.name).toBeUndefined();
    await expect(session.get("Task", "1")).rejects.toThrow(CoreCrashedError);
    await expect(session.query("Task").all()).rejects.toThrow(CoreCrashedError);
    await session.close();

    const again = await mortal();
    expect(again.row.name).toBe(true);
    await again.session.close();
  });
});

test("the real core starts after one that died", async () => {
  const { session, row } = await mortal();
  await kill(session, row, "goroutine panic");
  expect(session.closed).toBe(true);
  const real = await openSession();
  expect(real.session.serverInformation.version).toBe("4.13.2");
});
