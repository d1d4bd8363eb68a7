// The benchmark of transfers: a large file goes up and comes back, beside a bare PUT and a bare GET of the same bytes. `node npm/bench/transfers.mjs`
// runs it alone; BENCH_TRANSFER_MB (2048) is the size of the file, BENCH_TRANSFER_ROUNDS (5) how often each goes, BENCH_TRANSFER_FOLDER (the one for
// temporary files) where the file and what is stored of it stand: in one that is held in memory, such as /dev/shm, no disk counts.
import { mkdtemp, open, rm } from "node:fs/promises";
import { readFileSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { flags } from "./browser.mjs";
import { compare, median, print, short } from "./figures.mjs";
import { startSandbox } from "./sandbox.mjs";
import { serve } from "./server.mjs";

const megabytes = Number(process.env.BENCH_TRANSFER_MB ?? 2048);
const ROUNDS = Number(process.env.BENCH_TRANSFER_ROUNDS ?? 5);

/** Transfers in a browser of their own, so that nothing else stands in its memory. */
export async function transfers() {
  const folder = await mkdtemp(join(tmpdir(), "ftrack-bench-transfer-"));
  const data = await mkdtemp(join(process.env.BENCH_TRANSFER_FOLDER ?? tmpdir(), "ftrack-bench-transfer-"));
  const [server, sandbox] = [await serve(folder), await startSandbox(["-storage", join(data, "stored")])];
  const executablePath = process.env.CHROME_BIN;
  // A profile of its own on the disk: without one, browsers keep in memory what they would put there.
  const context = await chromium.launchPersistentContext(join(folder, "profile"), { headless: true, ...(executablePath && { executablePath }), args: flags });
  try {
    const file = await makeFile(join(data, "transfer.bin"));
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto(server.address);
    await page.setContent('<input type="file">');
    await page.setInputFiles("input", file);
    const call = (name, ...args) => page.evaluate(async ({ name, args }) => (await import("/bench/transfer-page.js"))[name](...args), { name, args });
    await call("open", sandbox.address);
    if ((await call("takeFile")) !== megabytes * 2 ** 20) throw new Error("the page has another file");
    // The first transfer of either kind is of none: code and connections are made in it.
    for (const name of ["bareUpload", "upload"]) await call("remove", (await call(name)).componentId);
    await page.requestGC();
    const idle = memoryOf(folder);
    const up = await rounds(folder, { bare: () => call("bareUpload"), ours: () => call("upload") }, ({ componentId }) => call("remove", componentId));
    const { componentId } = await call("upload");
    const down = await rounds(folder, { bare: () => call("bareDownload", componentId), ours: () => call("download", componentId) });
    for (const [direction, { bare, ours }, peer] of [["up", up, "fetch PUT"], ["down", down, "fetch GET"]]) {
      print({ figure: "transfer", direction, client: peer, megabytes, unit: "MB/s", ...rates(bare.times) });
      print({ figure: "transfer", direction, client: "ftrack-wasm", megabytes, unit: "MB/s", ...rates(ours.times), memory: Math.round(ours.peak - idle) });
    }
    // Of pairs that ran one after the other: what slows the machine for a while slows both.
    const ratios = ({ bare, ours }) => bare.times.map((time, round) => short(time / ours.times[round]));
    compare("upload against one bare PUT of the same bytes", median(ratios(up)), "at least", 0.8, "of its speed", { all: ratios(up) });
    compare("download against one bare GET of the same bytes", median(ratios(down)), "at least", 0.8, "of its speed", { all: ratios(down) });
    compare("memory of the page above idle, upload", up.ours.peak - idle, "at most", 100, "MB");
    compare("memory of the page above idle, download", down.ours.peak - idle, "at most", 100, "MB");
  } finally {
    await context.close();
    await sandbox.stop();
    server.close();
    for (const each of [folder, data]) await rm(each, { recursive: true, force: true });
  }
}

/**
 * Runs both in turns, now the one first and now the other; what a transfer left is removed again at once. Gives the milliseconds of each, and
 * the most memory that the page had meanwhile.
 */
async function rounds(folder, transfers, after = async () => {}) {
  const found = Object.fromEntries(Object.keys(transfers).map((name) => [name, { times: [], peak: 0 }]));
  for (let round = 0; round < ROUNDS; round++) {
    const names = Object.keys(transfers);
    for (const name of round % 2 ? names.reverse() : names) {
      const { result, peak } = await watched(folder, transfers[name]);
      found[name].times.push(result.milliseconds);
      found[name].peak = Math.max(found[name].peak, peak);
      await after(result);
    }
  }
  return found;
}

function rates(times) {
  const rate = (milliseconds) => Math.round(megabytes / (milliseconds / 1000));
  return { rate: rate(median(times)), all: times.map(rate) };
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
