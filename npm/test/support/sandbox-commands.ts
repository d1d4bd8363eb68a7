import type { BrowserCommand } from "vitest/node";
import { startSandbox } from "./sandbox.js";
import type { Sandbox } from "./sandbox.js";

declare module "vitest/browser" {
  interface BrowserCommands {
    /** Starts a sandbox with these flags besides the usual ones, and gives its address. */
    startSandbox(flags: string[]): Promise<string>;
    /** Ends one. */
    stopSandbox(address: string): Promise<void>;
  }
}

const running = new Map<string, Sandbox>();

/** What tests in a browser have Vitest do for them: servers of their own. */
export const sandboxCommands: Record<"startSandbox" | "stopSandbox", BrowserCommand<never[]>> = {
  async startSandbox({ project }, ...[flags]: [string[]]) {
    const sandbox = await startSandbox(project.getProvidedContext().sandboxBinary, flags);
    running.set(sandbox.address, sandbox);
    return sandbox.address;
  },
  async stopSandbox(_, ...[address]: [string]) {
    await running.get(address)?.stop();
    running.delete(address);
  },
};
