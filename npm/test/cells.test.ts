import { expect, test } from "vitest";
import { Session, coreStatistics } from "ftrack-wasm";
import { FakeServer, tasks } from "./support/fake-server.js";

// Most values are read from the core's memory without a call, by what is known of where they stand.

const COUNT = 3000;

/** Tasks whose descriptions are long, and differ by a number. */
function described(round: number): ReturnType<typeof tasks> {
  return tasks(COUNT, (i) => ({
    description: `round ${round} of ${i} `.padEnd(120, "x"),
    bid: i % 3 ? i : -i / 2,
    sort: 1e9 * i,
    start_date: { __type__: "datetime", value: "2024-10-29T22:00:00" },
  }));
}

test("values are right after the core has moved what stands beside them, and after its memory has grown", async () => {
  const server = new FakeServer();
  server.rows.set("Task", described(0));
  const session = await Session.open({ serverUrl: "https://x", apiKey: "k", apiUser: "u", fetch: server.fetch });
  const query = "select name, description, bid, sort, start_date, status.name from Task";
  const rows = await session.query<"Task">(query).all();
  expect(rows.filter((_, i) => i % 7 === 0).map(({ description }) => description)).toEqual(described(0).filter((_, i) => i % 7 === 0).map(({ description }) => description));

  const bytes = coreStatistics(session).documentBytes;
  for (let round = 1; round <= 3; round++) {
    // Every chunk of bytes dies for the most part, and what still lives in it is copied out.
    server.rows.set("Task", described(round).filter((_, i) => i % 10 !== 0));
    await session.query<"Task">(query).all();
    for (let i = 0; i < COUNT; i++) {
      const last = i % 10 === 0 ? 0 : round;
      const row = rows[i]!;
      if (row.description !== `round ${last} of ${i} `.padEnd(120, "x")) expect(row.description).toBe(`round ${last} of ${i} `.padEnd(120, "x"));
      if (row.name !== `task ${i}` || row.status?.name !== `status ${i % 3}`) expect([row.name, row.status?.name]).toEqual([`task ${i}`, `status ${i % 3}`]);
      if (row.bid !== (i % 3 ? i : -i / 2) || row.sort !== 1e9 * i) expect([i, row.bid, row.sort]).toEqual([i, i % 3 ? i : -i / 2, 1e9 * i]);
    }
  }
  expect(coreStatistics(session).documentBytes).toBeLessThan(2 * bytes);
  expect(rows[5]!.start_date).toEqual(new Date(Date.UTC(2024, 9, 29, 22)));

  // A local value counts before what stands in memory, and gives way to it again.
  rows[5]!.name = "local";
  rows[5]!.bid = 7;
  expect([rows[5]!.name, rows[5]!.bid, rows[6]!.name]).toEqual(["local", 7, "task 6"]);
  session.rollback();
  expect([rows[5]!.name, rows[5]!.bid]).toEqual(["task 5", 5]);

  const read = rows[7]!.sort;
  await session.close();
  expect(rows[7]!.sort).toBe(read);
});
