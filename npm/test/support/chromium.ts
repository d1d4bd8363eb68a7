import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The Chromium to test with: `CHROME_BIN`, or the first one on the PATH; Playwright's own when there is none. */
export const chromiumPath: string | undefined = process.env.CHROME_BIN || onPath("chromium", "chromium-browser", "google-chrome", "chrome");

/** No sandbox, because containers run as root; nothing that goes to the network by itself. */
export const chromiumFlags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

function onPath(...names: string[]): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}
