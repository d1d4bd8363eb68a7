// What is kept, measured beside Dexie and beside @ftrack/api.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freshPage, launchWith } from "./browser.mjs";
import { compare, median, print, spread } from "./figures.mjs";
import { EXPRESSION } from "./production.mjs";

const [ours, api] = ["ftrack-wasm", "@ftrack/api"];

/** How often of how many times as long the peer takes: the median over rounds in which one ran after the other. */
function ratio(peer, own) {
  return median(peer.map((time, i) => time / own[i]));
}

/** Storing 10,000 tasks, reading them back, and single ones. */
export async function keeping(browser, server, runs) {
  const page = await freshPage(browser, server.address, "/bench/kept-page.js");
  await page.call("load", 10_000, EXPRESSION);
  const found = { store: [], back: [], dexie: [] };
  for (let i = -2; i < runs; i++) {
    const round = { dexie: await page.call("dexie"), store: await page.call("store"), back: await page.call("readBack") };
    if (i >= 0) for (const [what, figures] of Object.entries(round)) found[what].push(figures);
  }
  const blocks = [];
  for (let i = 0; i < runs; i++) blocks.push(await page.call("storeBlocks"));
  const ids = await page.call("idsOfTasks");
  const gets = [];
  for (let i = 0; i < runs; i++) {
    await page.reload(); // a page that has kept nothing, and parsed nothing
    await page.call("load", 500, EXPRESSION);
    gets.push(await page.call("gets", ids));
  }
  await page.close();
  const each = gets[0].map((_, i) => median(gets.map((times) => times[i]))); // the same entity in every run: what the machine does beside is left out
  const of = (what, figure) => found[what].map((each) => each[figure]);
  print({ figure: "storing 10,000 tasks", client: ours, unit: "ms", ...spread(of("store", "storing")), wholeQuery: median(of("store", "whole")), rowsAfter: median(of("store", "shown")), queryAlone: median(of("store", "query")) });
  print({ figure: "storing 10,000 tasks", client: "Dexie bulkPut", unit: "ms", ...spread(of("dexie", "bulkPut")) });
  print({ figure: "reading 10,000 tasks back", client: ours, unit: "ms", ...spread(of("back", "time")) });
  print({ figure: "reading 10,000 tasks back", client: "Dexie toArray", unit: "ms", ...spread(of("dexie", "toArray")) });
  print({ figure: "get of a stored entity that is not in memory", unit: "ms", ...spread(gets.flat()) });
  compare("storing 10,000 tasks: Dexie's bulkPut takes", ratio(of("dexie", "bulkPut"), of("store", "storing")), "at least", 8);
  compare("longest block of the page while 10,000 tasks come and are stored", Math.max(...blocks), "at most", 16, "ms", { median: median(blocks) });
  compare("reading 10,000 tasks back: Dexie's toArray takes", ratio(of("dexie", "toArray"), of("back", "time")), "at least", 2);
  compare("get of a stored entity that is not in memory, the slowest of 60", Math.max(...each), "at most", 10, "ms", { median: median(each), worstSingle: Math.max(...gets.flat()) });
}

/** A page's second visit up to its first 500 rows, against a server that takes 150 ms: after a reload, and in a new process. */
export async function secondVisits(server, runs) {
  const times = { reload: { [ours]: [], [api]: [] }, fresh: { [ours]: [], [api]: [] } };
  const visit = async (page, client) => {
    const { time, source } = await page.evaluate(async (name) => (await import("/bench/kept-page.js")).visit(name), client);
    return { time, source };
  };
  for (const client of [ours, api]) {
    const profile = await mkdtemp(join(tmpdir(), "ftrack-bench-profile-"));
    try {
      for (let i = 0; i < runs + 1; i++) {
        const context = await launchWith(profile);
        const page = await context.newPage();
        await page.goto(server.address);
        const first = await visit(page, client);
        if (i > 0) times.fresh[client].push(first.time); // the first time of all nothing is kept
        await page.reload();
        const again = await visit(page, client);
        times.reload[client].push(again.time);
        if (client === ours && (again.source !== "cache" || (i > 0 && first.source !== "cache"))) throw new Error("the second visit asked the server");
        await context.close();
      }
    } finally {
      await rm(profile, { recursive: true, force: true });
    }
  }
  for (const [state, each] of Object.entries(times)) {
    for (const client of [ours, api]) print({ figure: "a second visit to its first 500 rows, 150 ms of latency", client, state, unit: "ms", ...spread(each[client]) });
  }
  compare("a reload to the first 500 rows: @ftrack/api takes", median(times.reload[api]) / median(times.reload[ours]), "at least", 2);
  compare("a second visit in a fresh process to the first 500 rows: @ftrack/api takes", median(times.fresh[api]) / median(times.fresh[ours]), "at least", 1);
}
