// Runs the benchmarks in Chromium and prints one JSON object a line.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { rolldown } from "rolldown";
import { pages, whole } from "./data.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "../dist");
const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
const counts = (process.env.BENCH_COUNTS ?? "1000,10000,100000").split(",").map(Number);
const print = (line) => console.log(JSON.stringify(line, (_, value) => (typeof value === "number" ? Math.round(value * 1000) / 1000 : value)));

const schemas = readFileSync(join(here, "../test/fixtures/query_schemas.json"), "utf8");
const opening = `[{"version":"4.13.8","schema_hash":"bench","is_timezone_support_enabled":true},${schemas}]`;
const peer = await bundlePeer();

const cache = new Map();
const once = (key, make) => {
  if (!cache.has(key)) cache.set(key, make());
  return cache.get(key);
};

const server = createServer((request, response) => {
  const path = new URL(request.url, "http://x").pathname;
  const send = (type, body) => response.writeHead(200, { "content-type": type }).end(body);
  const data = /^\/data\/(whole|pages)\/(\d+)(?:\/(\d+))?$/.exec(path);
  if (path === "/") return send("text/html", '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="/page.mjs"></script>');
  if (path === "/page.mjs") return send("text/javascript", readFileSync(join(here, "page.mjs")));
  if (path === "/peer.js") return send("text/javascript", peer);
  if (path === "/data/open") return send("application/json", opening);
  if (data?.[1] === "whole") return send("application/json", once(`w${data[2]}`, () => whole(Number(data[2]))));
  if (data) return send("application/json", once(`p${data[2]}`, () => pages(Number(data[2])))[Number(data[3])]);
  if (path.startsWith("/dist/")) {
    const file = join(dist, path.slice("/dist/".length).replace(/\.\./g, ""));
    response.setHeader("cache-control", "max-age=3600");
    return send(path.endsWith(".wasm") ? "application/wasm" : "text/javascript", readFileSync(file));
  }
  response.writeHead(404).end();
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${server.address().port}/`;

const arguments_ = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--js-flags=--expose-gc"];
const launch = () => chromium.launch({ executablePath: process.env.CHROME_BIN || "/usr/bin/chromium", args: arguments_ });

/** Calls a function of window.bench in a page. */
async function inPage(page, name, ...args) {
  await page.goto(url);
  await page.waitForFunction(() => window.benchReady, null, { timeout: 60_000 });
  return page.evaluate(([fn, given]) => window.bench[fn](...given), [name, args]);
}

const median = (list) => list.slice().sort((a, b) => a - b)[list.length >> 1];

try {
  const starts = { fresh: [], reload: [] };
  const cold = [];
  for (let round = 0; round < rounds; round++) {
    const browser = await launch();
    const page = await browser.newPage();
    starts.fresh.push(await inPage(page, "open"));
    starts.reload.push(await inPage(page, "open"));
    await browser.close();
    const other = await launch();
    cold.push(await inPage(await other.newPage(), "cold", 10_000));
    await other.close();
  }
  print({ measure: "open, fresh process", ms: median(starts.fresh) });
  print({ measure: "open, reload", ms: median(starts.reload) });
  const coldBlock = median(cold.map((c) => c.firstPageBlock));
  print({ measure: "cold, first page of 500 rows", ms: median(cold.map((c) => c.firstPage)), longestBlockMs: coldBlock });
  print({ measure: "cold, 10,000 tasks after it", ms: median(cold.map((c) => c.query)) });

  const warm = {};
  const browser = await launch();
  for (const count of counts) {
    const peers = count <= 10_000;
    warm[count] = await inPage(await browser.newPage(), "warm", count, count > 10_000 ? Math.min(3, rounds) : rounds, peers);
    const { bytes, ours, reads, cached, block, worstBlock, parse, theirs, theirReads } = warm[count];
    print({ measure: `warm, ${count} tasks`, bytes, ours, parse, theirs: peers ? theirs : null, firstReads: reads, theirReads: peers ? theirReads : null, block, worstBlock, nsFirstRead: (reads * 1e6) / (10 * count), nsCachedRead: (cached * 1e6) / (10 * count) });
  }
  const memory = counts.includes(100_000) ? await inPage(await browser.newPage(), "memory", 100_000) : undefined;
  if (memory) print({ measure: "memory, 100,000 tasks", ...memory });
  await browser.close();

  const module = readFileSync(join(dist, "ftrack.wasm"));
  const brotli = brotliCompressSync(module, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
  print({ measure: "module", bytes: module.length, gzip: gzipSync(module, { level: 9 }).length, brotli });

  const bound = (text, value, least, most) => print({ bound: text, value, least, most, holds: (least === undefined || value >= least) && (most === undefined || value <= most) });
  const ten = warm[10_000];
  if (ten) {
    bound("10,000 tasks, query to identity map: times as fast as @ftrack/api", ten.theirs / ten.ours, 4);
    bound("the same: times as long as JSON.parse(TextDecoder)", ten.ours / ten.parse, undefined, 2);
    bound("with all first reads: times as fast as @ftrack/api", (ten.theirs + ten.theirReads) / (ten.ours + ten.reads), 3);
    bound("mean first read, ns", (ten.reads * 1e6) / 100_000, undefined, 1000);
    bound("longest block, warm, ms", ten.block, undefined, 16);
  }
  bound("longest block, cold first page, ms", coldBlock, undefined, 16);
  if (warm[1000] && warm[100_000]) bound("time per entity at 100,000 over that at 1,000", warm[100_000].ours / 100 / warm[1000].ours, undefined, 1.5);
  if (memory) bound("full collection with 100,000 tasks, ms", memory.collection, undefined, 5);
  bound("module, brotli, bytes", brotli, undefined, 800_000);
} finally {
  server.close();
}

/** @ftrack/api as a browser gets it from a bundler. */
async function bundlePeer() {
  const folder = mkdtempSync(join(tmpdir(), "ftrack-bench-"));
  try {
    const bundle = await rolldown({ input: join(here, "peer.mjs"), platform: "browser", logLevel: "silent" });
    const { output } = await bundle.write({ dir: folder, format: "esm", codeSplitting: false });
    return output[0].code;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
