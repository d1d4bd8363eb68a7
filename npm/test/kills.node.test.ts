import { expect, onTestFinished, test } from "vitest";
import { KilledBrowser } from "./support/kills.js";

/** Stands in every description that is stored, in letters as they are. */
const planted = "planted-7c1e0b9a";

/** How often the browser is killed. */
const kills = Number(process.env.KILLS ?? 5);

test(`a browser that is killed ${kills} times in the middle of writes misses nothing that was reported as stored, and serves nothing damaged`, { timeout: 60_000 + kills * 15_000 }, async () => {
  const browser = await KilledBrowser.make();
  onTestFinished(() => browser.end());
  let checked = 0;
  for (let i = 0; i <= kills; i++) checked += await wholeLife(browser, i, i === kills ? 0 : Math.random() ** 2 * 800);
  expect(checked).toBeGreaterThan(kills * 5); // something was there to be missed
  // What it left on the disk: the user's name is found, so the key would be.
  const left = await browser.contents();
  expect([left.includes(planted), left.includes("key-of-the-killed")]).toEqual([true, false]);
});

test("what was stored outlives a browser that is killed in the middle of a record of its log, again and again", { timeout: 120_000 }, async () => {
  const browser = await KilledBrowser.make();
  onTestFinished(() => browser.end());
  await browser.live(200);
  for (let i = 0; i < 5; i++) {
    await browser.tear();
    expect(await wholeLife(browser, i, 200)).toBeGreaterThan(5);
  }
});

/** How many queries a life has found that earlier ones had stored, all of them as they were. */
async function wholeLife(browser: KilledBrowser, life: number, after: number): Promise<number> {
  const { faults, warnings, log, checked } = await browser.live(after);
  expect({ life, faults, warnings, log: faults.length + warnings.length ? log : [] }).toEqual({ life, faults: [], warnings: [], log: [] });
  return checked;
}
