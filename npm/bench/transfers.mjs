// The benchmark of transfers: a large file goes up and comes back, beside one bare PUT of the same bytes. `node npm/bench/transfers.mjs`
// runs it alone; BENCH_TRANSFER_MB (2048) is the size of the file.
import { mkdtemp, open, rm } from "node:fs/promises";
import { readFileSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { flags } from "./browser.mjs";
import { compare, median, print } from "./figures.mjs";
import { startSandbox } from "./sandbox.mjs";
import { serve } from "./server.mjs";

const megabytes = Number(process.env.BENCH_TRANSFER_MB ?? 2048);
const ROUNDS = 3;

/** Transfers in a browser of their own, so that nothing else stands in its memory. */
export async function transfers() {
  const folder = await mkdtemp(join(tmpdir(), "ftrack-bench-transfer-"));
  const [server, sandbox] = [await serve(folder), await startSandbox()];
  const executablePath = process.env.CHROME_BIN;
  // A profile of its own on the disk: without one, browsers keep in memory what they would put there.
  const context = await chromium.launchPersistentContext(join(folder, "profile"), { headless: true, ...(executablePath && { executablePath }), args: flags });
  try {
    const file = await makeFile(join(folder, "transfer.bin"));
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto(server.address);
    await page.setContent('<input type="file">');
    await page.setInputFiles("input", file);
    const call = (name, ...args) => page.evaluate(async ({ name, args }) => (await import("/bench/transfer-page.js"))[name](...args), { name, args });
    await call("open", sandbox.address);
    if ((await call("takeFile")) !== megabytes * 2 ** 20) throw new Error("the page has another file");
    await page.requestGC();
    const idle = memoryOf(folder);
    // In turns, and what was stored is removed again at once: otherwise the disk, to which the first gigabytes still go, makes each slower than the one before.
    const [bare, ups] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      const one = await call("bare");
      bare.push(one.milliseconds);
      await call("remove", one.componentId);
      const up = await watched(folder, () => call("upload"));
      ups.push(up);
      if (round < ROUNDS - 1) await call("remove", up.result.componentId);
    }
    const down = await watched(folder, () => call("download", ups.at(-1).result.componentId));
    const [times, peak] = [ups.map(({ result }) => result.milliseconds), Math.max(...ups.map((up) => up.peak))];
    const rate = (milliseconds) => Math.round(megabytes / (milliseconds / 1000));
    print({ figure: "transfer", direction: "up", client: "fetch PUT", megabytes, unit: "MB/s", rate: rate(median(bare)), all: bare.map(rate) });
    print({ figure: "transfer", direction: "up", client: "ftrack-wasm", megabytes, unit: "MB/s", rate: rate(median(times)), all: times.map(rate), memory: Math.round(peak - idle) });
    print({ figure: "transfer", direction: "down", client: "ftrack-wasm", megabytes, unit: "MB/s", rate: rate(down.result), memory: Math.round(down.peak - idle) });
    compare("upload against one bare PUT of the same bytes", median(bare) / median(times), "at least", 0.8, "of its speed");
    compare("memory of the page above idle, upload", peak - idle, "at most", 100, "MB");
    compare("memory of the page above idle, download", down.peak - idle, "at most", 100, "MB");
  } finally {
    await context.close();
    sandbox.stop();
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs something, and gives the most memory that the page had meanwhile. */
async function watched(folder, work) {
  let peak = 0;
  let running = true;
  const watching = (async () => {
    while (running) {
      peak = Math.max(peak, memoryOf(folder));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  try {
    return { result: await work(), get peak() { return peak; } };
  } finally {
    running = false;
    await watching;
  }
}

/** Megabytes of the processes of a profile's pages that are theirs alone. */
function memoryOf(folder) {
  const processes = new Map();
  for (const id of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/status`, "utf8"))[1];
      processes.set(id, { parent, command: readFileSync(`/proc/${id}/cmdline`, "utf8") });
    } catch {
      // it has ended
    }
  }
  const ours = (id) => {
    for (let each = processes.get(id); each; each = processes.get(each.parent)) if (each.command.includes(folder)) return true;
    return false;
  };
  let sum = 0;
  for (const [id, { command }] of processes) {
    if (!command.includes("--type=renderer") || !ours(id)) continue;
    try {
      const rollup = readFileSync(`/proc/${id}/smaps_rollup`, "utf8");
      for (const name of ["Private_Clean", "Private_Dirty"]) sum += Number(new RegExp(`${name}: *(\\d+)`).exec(rollup)[1]) / 1024;
    } catch {
      // it has ended
    }
  }
  if (sum === 0) throw new Error("no process of the page was found");
  return sum;
}

/** A file whose pieces are all different. */
async function makeFile(path) {
  const file = await open(path, "w");
  const piece = Buffer.alloc(1 << 20, 7);
  for (let i = 0; i < megabytes; i++) {
    piece.writeUInt32LE(i, 0);
    await file.write(piece);
  }
  await file.close();
  return path;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await transfers();
