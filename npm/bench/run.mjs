// The benchmarks in Chromium: `node npm/bench/run.mjs`. Each line of the output is one JSON object: figures with their
// median of BENCH_RUNS (5), and bounds with whether they hold. BENCH_TASKS=1000,10000 leaves sizes out; BENCH_PARTS names the parts to run.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { freshPage, launch } from "./browser.mjs";
import { compare, median, print, short, spread } from "./figures.mjs";
import { keeping, secondVisits } from "./kept.mjs";
import { EXPRESSION } from "./production.mjs";
import { startSandbox } from "./sandbox.mjs";
import { serve } from "./server.mjs";
import { live } from "./live.mjs";
import { transfers } from "./transfers.mjs";

const runs = Math.max(1, Number(process.env.BENCH_RUNS ?? 5));
const sizes = (process.env.BENCH_TASKS ?? "1000,10000,100000").split(",").map(Number);
const PARTS = ["size", "openings", "queries", "changes", "keeping", "live", "transfers", "visits"];
const parts = process.env.BENCH_PARTS?.split(",") ?? PARTS;
const unknown = parts.filter((part) => !PARTS.includes(part));
if (unknown.length) throw new Error(`BENCH_PARTS: no part is called ${unknown.join(" or ")}; there are ${PARTS.join(", ")}`);
const wanted = (part) => parts.includes(part);
const [ours, api, parse] = ["ftrack-wasm", "@ftrack/api", "JSON.parse"];
const clients = [ours, api, parse];

const peer = await mkdtemp(join(tmpdir(), "ftrack-bench-"));
await bundlePeer(peer);
const server = await serve(peer);
const found = { warm: {}, cold: {} };
try {
  if (wanted("size")) await moduleSize();
  if (wanted("openings")) await openings();
  if (["queries", "changes", "keeping"].some(wanted)) {
    const browser = await launch();
    try {
      if (wanted("queries")) await queries(browser);
      if (wanted("changes")) await changes(browser);
      if (wanted("keeping") && sizes.includes(10_000)) await keeping(browser, server, runs);
    } finally {
      await browser.close();
    }
  }
  if (wanted("live")) await live(server);
  if (wanted("transfers")) await transfers();
  if (wanted("visits")) await visits();
  bounds();
} finally {
  server.close();
  await rm(peer, { recursive: true });
}

async function queries(browser) {
  for (const tasks of sizes) {
    await cold(browser, tasks);
    await warm(browser, tasks);
  }
  if (sizes.includes(10_000)) {
    await longestBlocks(browser);
    await readTimes(browser);
  }
  for (const tasks of sizes.filter((each) => each === 100_000)) await memory(browser, tasks);
}

async function bundlePeer(folder) {
  for (const name of ["peer.js", "dexie.js"]) {
    const bundle = await rolldown({ input: fileURLToPath(new URL(name, import.meta.url)), platform: "browser", logLevel: "silent" });
    await bundle.write({ file: join(folder, name), format: "esm", codeSplitting: false });
    await bundle.close();
  }
}

/** A page's second visit, with a server that is far away. */
async function visits() {
  const sandbox = await startSandbox();
  const far = await serve(peer, { api: sandbox.address, latency: 150 });
  try {
    await secondVisits(far, runs);
  } finally {
    far.close();
    await sandbox.stop();
  }
}

async function moduleSize() {
  const bytes = await readFile(new URL("../dist/ftrack.wasm", import.meta.url));
  const brotli = brotliCompressSync(bytes).length;
  print({ figure: "module size", unit: "bytes", raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli });
  compare("module size, brotli", brotli, "at most", 1_000_000, "bytes");
}

/** From Session.open to ready: in a new browser process, and after a reload of the page in it. */
async function openings() {
  for (const client of [ours, api]) {
    const fresh = [];
    const again = [];
    for (let i = 0; i < runs; i++) {
      const browser = await launch();
      const page = await freshPage(browser, server.address);
      fresh.push(await page.call("opening", client));
      await page.reload();
      again.push(await page.call("opening", client));
      await browser.close();
    }
    print({ figure: "Session.open to ready", client, state: "fresh process", unit: "ms", ...spread(fresh) });
    print({ figure: "Session.open to ready", client, state: "reload", unit: "ms", ...spread(again) });
  }
}

/** The first query of a page that nothing ran in. */
async function cold(browser, tasks) {
  if (tasks > 10_000) return;
  const times = Object.fromEntries(clients.map((client) => [client, []]));
  for (let i = 0; i < runs; i++) {
    for (const client of turned(clients, i)) {
      const page = await freshPage(browser, server.address);
      await page.call("load", tasks, EXPRESSION);
      times[client].push(await page.call("run", client));
      await page.close();
    }
  }
  report(tasks, "cold", times);
}

/** The same in one page, after runs that warmed the code of all clients. */
async function warm(browser, tasks) {
  const page = await freshPage(browser, server.address);
  const bytes = await page.call("load", tasks, EXPRESSION);
  print({ figure: "reply", tasks, unit: "bytes", bytes });
  const times = Object.fromEntries(clients.map((client) => [client, []]));
  const warming = Math.max(2, Math.min(30, 50_000 / tasks)); // rows enough that the engines have compiled what they will
  for (let i = 0; i < warming; i++) for (const client of clients) await page.call("run", client);
  const rounds = tasks > 10_000 ? runs : 3 * runs;
  for (let i = 0; i < rounds; i++) for (const client of turned(clients, i)) times[client].push(await page.call("run", client));
  await page.close();
  report(tasks, "warm", times);
}

function report(tasks, state, times) {
  for (const client of clients) {
    const each = times[client];
    if (each.some(({ rows, seen }) => rows !== tasks || seen <= tasks)) throw new Error(`${client} gave ${each[0].rows} rows of ${tasks}`);
    const all = each.map(({ query, reads }) => query + reads);
    print({ figure: "query to identity map", client, tasks, state, unit: "ms", ...spread(each.map(({ query }) => query)) });
    print({ figure: "query and ten first reads of every row", client, tasks, state, unit: "ms", ...spread(all) });
    print({ figure: "the same reads again", client, tasks, state, unit: "ms", ...spread(each.map(({ readsAgain }) => readsAgain)) });
    ((found[state] ??= {})[tasks] ??= {})[client] = { query: each.map(({ query }) => query), all };
  }
}

/** How long the page could do nothing else while 10,000 tasks came. */
async function longestBlocks(browser) {
  const warmPage = await freshPage(browser, server.address);
  await warmPage.call("load", 10_000, EXPRESSION);
  for (const client of [ours, api]) {
    const coldBlocks = [];
    for (let i = 0; i < runs; i++) {
      const page = await freshPage(browser, server.address);
      await page.call("load", 10_000, EXPRESSION);
      coldBlocks.push(await page.call("blocks", client));
      await page.close();
    }
    for (let i = 0; i < 3; i++) await warmPage.call("run", client);
    const warmBlocks = [];
    for (let i = 0; i < runs; i++) warmBlocks.push(await warmPage.call("blocks", client));
    for (const [state, blocks] of [["cold", coldBlocks], ["warm", warmBlocks]]) {
      const longest = blocks.map((each) => each.longest);
      print({ figure: "longest block of the page in a query", client, tasks: 10_000, state, unit: "ms", ...spread(longest) });
      if (client !== ours) continue;
      if (state === "cold") print({ figure: "longest block until the first page is there", client, state, unit: "ms", ...spread(blocks.map((each) => each.firstPage)) });
      found[`block ${state}`] = longest;
    }
  }
  await warmPage.close();
}

/** Nanoseconds of one attribute read. */
async function readTimes(browser) {
  const page = await freshPage(browser, server.address);
  await page.call("load", 10_000, EXPRESSION);
  for (let i = 0; i < 3; i++) await page.call("run", ours);
  const all = [];
  for (let i = 0; i < runs; i++) all.push(await page.call("reads"));
  await page.close();
  const means = { first: [], cached: [] };
  for (const each of all) {
    for (const kind of ["first", "cached"]) means[kind].push(mean(Object.values(each).map((read) => read[kind])));
  }
  for (const attribute of Object.keys(all[0])) {
    const time = (kind) => short(median(all.map((each) => each[attribute][kind])));
    print({ figure: "read of an attribute", attribute, unit: "ns", first: time("first"), cached: time("cached"), runs });
  }
  for (const kind of ["first", "cached"]) print({ figure: `mean ${kind} read`, unit: "ns", ...spread(means[kind]) });
  found.firstRead = median(means.first);
}

/** What 100,000 tasks hold while they are held, and what a full collection of the core takes then. */
async function memory(browser, tasks) {
  for (const client of clients) {
    const page = await freshPage(browser, server.address);
    const bytes = await page.call("load", tasks, EXPRESSION);
    const { collections, ...held } = await page.call("memory", client);
    await page.close();
    print({ figure: "memory held", client, tasks, unit: "bytes", replies: bytes, ...held });
    if (!collections) continue;
    print({ figure: "full collection of the core", tasks, unit: "ms", ...spread(collections) });
    found.collection = median(collections);
  }
}

/** Changes and single reads against the sandbox, and what one request for each attribute takes. */
async function changes(browser) {
  const sandbox = await startSandbox();
  try {
    const page = await freshPage(browser, server.address);
    const { loop, tick, record, commit, single } = await page.call("writes", sandbox.address);
    await page.close();
    print({ figure: "recording one change", unit: "us", ...spread(record) });
    print({ figure: "commit", unit: "ms", time: short(commit.ms), changes: commit.changes, requests: commit.requests, operations: commit.operations });
    print({ figure: "500 loads in one tick", unit: "ms", time: short(tick.ms), requests: tick.requests });
    print({ figure: "500 loads one after the other", unit: "ms", time: short(loop.ms), requests: loop.requests });
    print({ figure: "the same with one request for each", unit: "ms", time: short(single.ms), requests: single.requests });
    compare("recording one change", median(record), "at most", 5, "us");
    compare("operations of a commit of 1,000 changes on 100 entities", commit.operations, "at most", 100, "operations");
    for (const [what, { requests }] of Object.entries({ "a commit": commit, "500 loads in one tick": tick, "500 loads one after the other": loop })) compare(`requests of ${what}`, requests, "at most", 1, "requests");
  } finally {
    await sandbox.stop();
  }
}

/**
 * How many times as long one client takes as another: the median over the rounds. In a round they run one after the other,
 * at the speed that the machine has at that moment; it may have another one in the next.
 */
function ratio(times, of, to, what) {
  return median(times[of][what].map((time, i) => time / times[to][what][i]));
}

/** Ratios and figures that the project promises. */
function bounds() {
  const big = found.warm[10_000];
  if (big) {
    compare("query to identity map, 10,000 tasks, warm: @ftrack/api takes", ratio(big, api, ours, "query"), "at least", 4);
    compare("query to identity map, 10,000 tasks, warm: of JSON.parse's time", ratio(big, ours, parse, "query"), "at most", 2);
    compare("with ten first reads of every row, 10,000 tasks, warm: @ftrack/api takes", ratio(big, api, ours, "all"), "at least", 3);
  }
  const [few, many] = [found.warm[1000], found.warm[100_000]];
  if (few && many) compare("time of one entity, 100,000 against 1,000 tasks, warm", median(many[ours].query) / 100_000 / (median(few[ours].query) / 1000), "at most", 1.5);
  if (found.collection !== undefined) compare("full collection with 100,000 tasks", found.collection, "at most", 5, "ms");
  if (found.firstRead !== undefined) compare("mean first read of an attribute", found.firstRead, "at most", 1000, "ns");
  for (const state of ["cold", "warm"]) {
    const blocks = found[`block ${state}`];
    // No page may block longer: the worst of all runs counts.
    if (blocks) compare(`longest block of the page, ${state}`, Math.max(...blocks), "at most", 16, "ms", { median: short(median(blocks)) });
  }
}

function turned(list, by) {
  return list.map((_, i) => list[(i + by) % list.length]);
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
