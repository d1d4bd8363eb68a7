// The benchmark of live entities: 10,000 ftrack.update events, one for each of 10,000 loaded tasks, into a session with one live query that
// shows them; then into a page that only counts them, and to a handler of a session, beside @ftrack/api. BENCH_EVENTS (10000) is their number.
import { launch, unwatchedPage } from "./browser.mjs";
import { compare, median, print, short, spread } from "./figures.mjs";
import { startSandbox } from "./sandbox.mjs";
import { mostWork } from "./work.mjs";

const events = Number(process.env.BENCH_EVENTS ?? 10_000);
const rounds = Math.max(1, Number(process.env.BENCH_RUNS ?? 10));
const BATCH = 500;

/** The events come over a real socket, from a server to which somebody else writes. */
export async function live(server) {
  const [sandbox, browser] = [await startSandbox(["-tasks", String(events), "-assume", "event-batch=entity"]), await launch()];
  try {
    const page = await unwatchedPage(browser, server.address, "/bench/live-page.js");
    const ids = await page.call("open", sandbox.address);
    let bid = 1_000_000;
    const round = async (of, name, argument, clock) => {
      const done = of.call(name, argument, clock);
      await write(sandbox.address, ids, bid);
      return done;
    };
    const cold = await round(page, "follow", ++bid);
    const found = [];
    while (found.length < rounds) found.push(await round(page, "follow", ++bid));
    const felt = [];
    while (felt.length < rounds) felt.push(await round(page, "follow", ++bid, "user"));
    const worked = [];
    while (worked.length < rounds) worked.push(await mostWork(browser, () => round(page, "follow", ++bid, "user")));
    await page.close();
    const bare = await unwatchedPage(browser, server.address, "/bench/live-page.js");
    await bare.call("openSocket", sandbox.address);
    const coldCount = (++bid, await round(bare, "count", ids.length));
    const counted = [];
    while (counted.length < rounds) counted.push((++bid, await round(bare, "count", ids.length)));
    const countFelt = [];
    while (countFelt.length < rounds) countFelt.push((++bid, await round(bare, "count", ids.length, "user")));
    const countWorked = [];
    while (countWorked.length < rounds) countWorked.push(await mostWork(browser, () => (++bid, round(bare, "count", ids.length, "user"))));
    await bare.close();
    const handled = {};
    for (const client of ["ftrack-wasm", "@ftrack/api"]) {
      const handling = await unwatchedPage(browser, server.address, "/bench/live-page.js");
      await handling.call("subscribe", client, sandbox.address);
      handled[client] = [];
      for (let i = -1; i < rounds; i++) {
        const figures = (++bid, await round(handling, "count", ids.length));
        if (i >= 0) handled[client].push(figures);
      }
      await handling.close();
    }
    const each = (runs, name) => runs.map((run) => run[name]);
    const rates = (runs) => runs.map(({ milliseconds }) => (1000 * ids.length) / milliseconds);
    const blocks = (runs) => runs.map(({ longest }) => longest);
    print({ figure: "the same events in a page that only counts them", events: ids.length, unit: "events/s", ...spread(rates(counted)) });
    const within = (all) => all.filter((block) => block <= 16).length;
    print({ figure: "longest block of a page that only counts them", unit: "ms", ...spread(blocks(counted)), within16: within(blocks(counted)), cold: short(coldCount.longest) });
    print({ figure: "longest wait of what a user does in that page", unit: "ms", ...spread(blocks(countFelt)), within16: within(blocks(countFelt)) });
    print({ figure: "most work in a block of a page that only counts them, traced", unit: "ms of CPU", ...spread(each(countWorked, "work")), within16: within(each(countWorked, "work")) });
    print({ figure: "longest task of a page that only counts them, traced", unit: "ms of CPU", ...spread(each(countWorked, "task")), within16: within(each(countWorked, "task")) });
    for (const [client, runs] of Object.entries(handled)) {
      print({ figure: "the same events to a handler of a session", client, events: ids.length, unit: "events/s", ...spread(rates(runs)), longestBlock: short(median(blocks(runs))) });
    }
    print({ figure: "ftrack.update events into a session with as many loaded tasks and a live query", events: ids.length, unit: "events/s", ...spread(rates(found)), cold: short(rates([cold])[0]) });
    print({ figure: "requests that they took", events: ids.length, unit: "requests", ...spread(found.map(({ requests }) => requests)) });
    print({ figure: "longest block of the page while they came", unit: "ms", ...spread(blocks(found)), within16: within(blocks(found)), cold: short(cold.longest) });
    print({ figure: "longest wait of what a user does while they came", unit: "ms", ...spread(blocks(felt)), within16: within(blocks(felt)) });
    print({ figure: "most work in a block while they came, traced", unit: "ms of CPU", ...spread(each(worked, "work")), within16: within(each(worked, "work")) });
    print({ figure: "longest task while they came, traced", unit: "ms of CPU", ...spread(each(worked, "task")), within16: within(each(worked, "task")) });
    print({ figure: "longest blocks, beside a page that only counts", unit: "times", ratio: short(median(blocks(found)) / median(blocks(counted))) });
    compare("longest wait of what a user does during 10,000 events", Math.max(...blocks(felt)), "at most", 16, "ms", { median: short(median(blocks(felt))) });
    compare("longest block of the page during 10,000 events", Math.max(...blocks(found), cold.longest), "at most", 16, "ms", { median: short(median(blocks(found))) });
  } finally {
    await browser.close();
    await sandbox.stop();
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
