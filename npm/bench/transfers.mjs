// The benchmark of transfers: a large file goes up and comes back, beside one bare PUT of the same bytes. `node npm/bench/transfers.mjs`
// runs it alone; BENCH_TRANSFER_MB (2048) is the size of the file.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { launch } from "./browser.mjs";
import { compare, print } from "./figures.mjs";
import { startSandbox } from "./sandbox.mjs";
import { serve } from "./server.mjs";

const megabytes = Number(process.env.BENCH_TRANSFER_MB ?? 2048);

/** Transfers in a browser of their own, so that nothing else stands in its memory. */
export async function transfers() {
  const [server, sandbox, browser] = [await serve(fileURLToPath(new URL(".", import.meta.url))), await startSandbox(), await launch()];
  try {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(server.address);
    const call = (name, ...args) => page.evaluate(async ({ name, args }) => (await import("/bench/transfer-page.js"))[name](...args), { name, args });
    const devtools = await browser.newBrowserCDPSession();
    await call("open", sandbox.address);
    await call("makeFile", megabytes);
    await page.requestGC();
    const idle = await memoryOf(devtools);
    const bare = [await call("bare")];
    const up = await watched(devtools, () => call("upload"));
    bare.push(await call("bare"));
    const down = await watched(devtools, () => call("download", up.result.componentId));
    const rate = (milliseconds) => Math.round(megabytes / (milliseconds / 1000));
    const fastest = Math.min(...bare);
    print({ figure: "transfer", direction: "up", client: "fetch PUT", megabytes, unit: "MB/s", rate: rate(fastest), all: bare.map(rate) });
    print({ figure: "transfer", direction: "up", client: "ftrack-wasm", megabytes, unit: "MB/s", rate: rate(up.result.milliseconds), memory: Math.round(up.peak - idle) });
    print({ figure: "transfer", direction: "down", client: "ftrack-wasm", megabytes, unit: "MB/s", rate: rate(down.result), memory: Math.round(down.peak - idle) });
    compare("upload against one bare PUT of the same bytes", fastest / up.result.milliseconds, "at least", 0.8, "of its speed");
    compare("memory of the page above idle, upload", up.peak - idle, "at most", 100, "MB");
    compare("memory of the page above idle, download", down.peak - idle, "at most", 100, "MB");
  } finally {
    await browser.close();
    sandbox.stop();
    server.close();
  }
}

/** Runs something, and gives the most memory that the page had meanwhile. */
async function watched(devtools, work) {
  let peak = 0;
  let running = true;
  const watching = (async () => {
    while (running) {
      peak = Math.max(peak, await memoryOf(devtools));
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

/** Megabytes of the pages' processes that are theirs alone. */
async function memoryOf(devtools) {
  const { processInfo } = await devtools.send("SystemInfo.getProcessInfo");
  return processInfo
    .filter(({ type }) => type === "renderer")
    .reduce((sum, { id }) => {
      try {
        const rollup = readFileSync(`/proc/${id}/smaps_rollup`, "utf8");
        return sum + ["Private_Clean", "Private_Dirty"].reduce((own, name) => own + Number(new RegExp(`${name}: *(\\d+)`).exec(rollup)[1]), 0) / 1024;
      } catch {
        return sum; // it has ended
      }
    }, 0);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await transfers();
