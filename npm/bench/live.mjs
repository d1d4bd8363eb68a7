// The benchmark of live entities: 10,000 ftrack.update events, one for each of 10,000 loaded tasks, into a session with one live query that
// shows them. `node npm/bench/live.mjs` runs it alone; BENCH_EVENTS (10000) is their number.
import { fileURLToPath } from "node:url";
import { launch } from "./browser.mjs";
import { compare, median, print, short, spread } from "./figures.mjs";
import { startSandbox } from "./sandbox.mjs";
import { serve } from "./server.mjs";

const events = Number(process.env.BENCH_EVENTS ?? 10_000);
const rounds = Math.max(1, Number(process.env.BENCH_RUNS ?? 5));
const BATCH = 500;

/** The events come over a real socket, from a server to which somebody else writes. */
export async function live() {
  const [server, sandbox, browser] = [
    await serve(fileURLToPath(new URL(".", import.meta.url))),
    await startSandbox(["-tasks", String(events), "-assume", "event-batch=entity"]),
    await launch(),
  ];
  try {
    const page = await (await browser.newContext()).newPage();
    await page.goto(server.address);
    const call = (name, ...args) => page.evaluate(async ({ name, args }) => (await import("/bench/live-page.js"))[name](...args), { name, args });
    const ids = await call("open", sandbox.address);
    const found = [];
    for (let round = 1; round <= rounds; round++) {
      const bid = 1_000_000 + round;
      const done = call("follow", bid);
      await write(sandbox.address, ids, bid);
      found.push(await done);
    }
    const blocks = found.map(({ longest }) => longest);
    print({ figure: "ftrack.update events into a session with as many loaded tasks and a live query", events: ids.length, unit: "events/s", ...spread(found.map(({ milliseconds }) => (1000 * ids.length) / milliseconds)) });
    print({ figure: "requests that they took", events: ids.length, unit: "requests", ...spread(found.map(({ requests }) => requests)) });
    print({ figure: "longest block of the page while they came", unit: "ms", ...spread(blocks) });
    compare("longest block of the page during 10,000 events", Math.max(...blocks), "at most", 16, "ms", { median: short(median(blocks)) });
  } finally {
    await browser.close();
    sandbox.stop();
    server.close();
  }
}

/** Gives tasks a new bid, as another client. */
async function write(address, ids, bid) {
  for (let at = 0; at < ids.length; at += BATCH) {
    const operations = ids.slice(at, at + BATCH).map((id) => ({ action: "update", entity_type: "Task", entity_key: [id], entity_data: { __entity_type__: "Task", bid } }));
    const response = await fetch(`${address}/api`, {
      method: "POST",
      headers: { "content-type": "application/json", "ftrack-user": "demo", "ftrack-api-key": "demo-key", "ftrack-clienttoken": "bench" },
      body: JSON.stringify(operations),
    });
    if (!Array.isArray(await response.json())) throw new Error("the sandbox refused the changes");
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await live();
