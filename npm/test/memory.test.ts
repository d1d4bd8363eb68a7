import { Session, collectCore, coreStatistics } from "ftrack-wasm";
import { describe, expect, test } from "vitest";
import { FakeServer, tasks, uuid } from "./support/fake-server.js";
import { openSession } from "./support/session.js";

const options = { serverUrl: "https://x", apiKey: "k", apiUser: "u" };

describe("closing sessions", () => {
  test("frees what they held", async () => {
    const server = new FakeServer();
    server.rows.set("Task", tasks(300, (i) => ({ description: `words ${i} `.repeat(40) })));
    const { session: witness } = await openSession(server);
    const use = async (n: number): Promise<void> => {
      const session = await Session.open({ ...options, apiUser: `user ${n}`, fetch: server.fetch });
      const rows = await session.query<"Task">("select description from Task").all();
      expect(rows[7]!.description).toContain("words 7");
      expect(coreStatistics(session).records).toBeGreaterThanOrEqual(300);
      await session.close();
      expect(coreStatistics(session)).toMatchObject({ records: 0, documentBytes: 0, storeBytes: 0 });
    };
    for (let n = 0; n < 10; n++) await use(n);
    collectCore(witness);
    const before = coreStatistics(witness);
    expect(before.heapBytes).toBeGreaterThan(100_000);
    for (let n = 0; n < 100; n++) await use(n);
    collectCore(witness);
    const after = coreStatistics(witness);
    expect(after.sessions).toBe(before.sessions);
    expect(after.goroutines).toBeLessThanOrEqual(before.goroutines + 2);
    // One session held more than 100 kB of text alone.
    expect(after.heapBytes - before.heapBytes).toBeLessThan(2_000_000);
  }, 60_000);

  test("frees sessions that are open at once", async () => {
    const server = new FakeServer();
    const { session: witness } = await openSession(server);
    const before = coreStatistics(witness).sessions;
    const sessions = await Promise.all(Array.from({ length: 100 }, () => Session.open({ ...options, fetch: server.fetch })));
    expect(coreStatistics(witness).sessions).toBe(before + 100);
    await Promise.all(sessions.map((session) => session.close()));
    expect(coreStatistics(witness).sessions).toBe(before);
  }, 60_000);

  test("frees those whose opening was given up", async () => {
    const server = new FakeServer();
    const { session: witness } = await openSession(server);
    const before = coreStatistics(witness).sessions;
    for (let i = 0; i < 10; i++) {
      const controller = new AbortController();
      const opening = Session.open({ ...options, fetch: server.fetch, signal: controller.signal }).then((session) => session.close());
      setTimeout(() => controller.abort(), i);
      await opening.catch(() => undefined);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(coreStatistics(witness).sessions).toBe(before);
  });
});

/** Lets the engine collect what nothing holds, and the sweep run. */
async function letGo(): Promise<void> {
  const { gc } = globalThis as unknown as { gc: () => void };
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    gc();
  }
}

test("records that nothing holds are let go, and those that are held stay", async () => {
  const { session, server } = await openSession();
  const held: unknown[] = [];
  const rounds = 60;
  const rowsEach = 2000;
  let most = 0;
  for (let round = 0; round < rounds; round++) {
    server.rows.set("Task", Array.from({ length: rowsEach }, (_, i) => ({ __entity_type__: "Task", id: uuid(round * rowsEach + i), name: `task ${round}.${i}` })));
    const rows = await session.query<"Task">("select name from Task", { pageSize: rowsEach }).all();
    held.push(rows[round]);
    rows.length = 0;
    if (round % 4 === 0) await letGo();
    most = Math.max(most, coreStatistics(session).records);
  }
  // A sweep waits until it is worth its time, so some tens of thousands stay for a while.
  expect(most).toBeLessThan((rounds * rowsEach) / 1.5);
  expect(held.map((task) => (task as { name: string }).name)).toEqual(held.map((_, round) => `task ${round}.${round}`));
}, 120_000);

test("records with local changes stay though nobody holds them", async () => {
  const { session, server } = await openSession();
  const rowsEach = 4000;
  const rounds = 12;
  for (let round = 0; round < rounds; round++) {
    server.rows.set("Task", Array.from({ length: rowsEach }, (_, i) => ({ __entity_type__: "Task", id: uuid(round * rowsEach + i), name: `task ${round}.${i}` })));
    const rows = await session.query<"Task">("select name from Task", { pageSize: rowsEach }).all();
    rows[round]!.name = `changed ${round}`;
    if (round === 0) session.delete(rows[1]!);
    rows.length = 0;
    if (round % 3 === 2) await letGo();
  }
  expect(coreStatistics(session).records).toBeLessThan(rounds * rowsEach); // others went
  server.requests.length = 0;
  await session.commit();
  const sent = server.requests.flatMap(({ operations }) => operations.map(({ action, entity_key: key, entity_data: data }) => [action, key, (data as { name?: string } | undefined)?.name]));
  expect(sent).toEqual([["update", [uuid(0)], "changed 0"], ["delete", [uuid(1)], undefined], ...Array.from({ length: rounds - 1 }, (_, i) => ["update", [uuid((i + 1) * rowsEach + i + 1)], `changed ${i + 1}`])]);
}, 120_000);

test("a query that is left half read and that nobody holds is let go, and its session too when it has closed", async () => {
  const { session, server } = await openSession();
  server.rows.set("Task", tasks(40));
  const weak: WeakRef<object>[] = [];
  const leave = async (from: Session): Promise<void> => {
    const query = from.query("select name from Task", { pageSize: 10 });
    await query[Symbol.asyncIterator]().next();
    weak.push(new WeakRef(query));
  };
  await leave(session);
  const goroutines = coreStatistics(session).goroutines;
  const closing = async (): Promise<void> => {
    const other = await Session.open({ ...options, apiUser: "another", fetch: server.fetch });
    weak.push(new WeakRef(other));
    await leave(other);
    await other.close();
  };
  await closing();
  for (let i = 0; i < 3; i++) await letGo();
  expect(weak.map((each) => each.deref() === undefined)).toEqual([true, true, true]);
  expect(coreStatistics(session).goroutines).toBeLessThanOrEqual(goroutines);
});

describe("live lists that nobody holds", () => {
  /** Lists, weakly: of a session that stays open, and of one that is closed, which is among them. */
  const lists = async (session: Session, { listened = false, settled = true } = {}): Promise<WeakRef<object>[]> => {
    const closing = await Session.open({ ...options, apiUser: "another", fetch: new FakeServer().fetch });
    const held = [session, closing].map((each) => each.live("select name from Task"));
    if (settled) await Promise.all(held.map((each) => each.settled()));
    if (listened) for (const each of held) each.subscribe(() => undefined);
    const weak = [...held, closing].map((each) => new WeakRef<object>(each));
    await closing.close();
    return weak;
  };
  const gone = async (weak: readonly WeakRef<object>[]): Promise<boolean[]> => {
    for (let i = 0; i < 3; i++) await letGo();
    return weak.map((each) => each.deref() === undefined);
  };

  test.each([true, false])("are let go, and their session too when it has closed; settled: %s", async (settled) => {
    const { session } = await openSession(new FakeServer());
    expect(await gone(await lists(session, { settled }))).toEqual([true, true, true]);
  });

  test("stay while somebody listens, until their session closes", async () => {
    const { session } = await openSession(new FakeServer());
    expect(await gone(await lists(session, { listened: true }))).toEqual([false, true, true]);
  });
});
