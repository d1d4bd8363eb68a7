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
  let silent = 0;
  let dropped = 0;
  for (let i = 0; i <= kills; i++) {
    const found = await browser.live(i === kills ? 0 : Math.random() ** 2 * 800);
    const whole = found.faults.length + found.warnings.length === 0;
    expect({ life: i, faults: found.faults, warnings: found.warnings, log: whole ? [] : found.log }).toEqual({ life: i, faults: [], warnings: [], log: [] });
    checked += found.checked;
    if (found.dropped) dropped++;
    expect(dropped, "lives before which the browser had deleted the database").toBeLessThanOrEqual(1 + kills / 50);
    if (!found.silent) continue;
    silent++;
    i--; // what this life could not check, the next one does
    expect(silent, "lives in which IndexedDB answered nothing").toBeLessThanOrEqual(1 + kills / 50);
  }
  if (silent + dropped) console.warn(`in ${silent} of ${kills + silent} lives the browser's IndexedDB answered nothing; after ${dropped} of them it had deleted the database, whose log it had broken itself`);
  expect(checked).toBeGreaterThan(kills * 5); // something was there to be missed
  // What it left on the disk: the user's name is found, so the key would be.
  const left = await browser.contents();
  expect([left.includes(planted), left.includes("key-of-the-killed")]).toEqual([true, false]);
});
