// What the tests of the built page run in: the sandbox that serves it, and Chromium.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { startService } from "../../../../npm/scripts/service.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../../..");
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** Starts a sandbox with a production, which serves the built page at `address`. */
export function startSandbox(...more) {
  return startService(join(root, "bin/sandbox"), ["-attached", "-listen", "127.0.0.1:0", "-production", "demo", ...more, "-static", join(root, "web-demo/app/dist")]);
}

/** Starts Chromium: that of CHROME_BIN, or Playwright's own. */
export function launch() {
  const executablePath = process.env.CHROME_BIN;
  return chromium.launch({ ...(executablePath && { executablePath }), args: flags });
}

/** Finds the actions that plugins offer and runs one, which goes over the event server and back. Gives the log, which tells of it. */
export async function runAction(page) {
  await page.getByRole("button", { name: "Find actions" }).click();
  await page.getByRole("button", { name: "Count open tasks" }).click();
  await page.getByText(/^[\d,]+ tasks are open\.$/).waitFor({ timeout: 30_000 });
  const log = page.getByRole("list", { name: "Event log" });
  await log.getByText("ftrack.action.launch").waitFor();
  return log;
}
