// Programs of this repository that serve while a test or a benchmark runs.
import { spawn } from "node:child_process";

/**
 * Starts a program that prints `NAME ready ADDRESS` once it serves.
 * @param {string} binary
 * @param {readonly string[]} args with `-attached`, where the program takes it, it ends when this process does, however it ends
 * @returns {Promise<{ address: string, stop: () => Promise<void> }>} `stop` resolves when it has ended
 */
export async function startService(binary, args) {
  const child = spawn(binary, args, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const address = await new Promise((resolve, reject) => {
    let seen = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      seen += text;
      const ready = /^\w+ ready (http:\S+)$/m.exec(seen);
      if (ready) resolve(ready[1]);
    });
    child.once("error", reject);
    void ended.then(() => reject(new Error(`${binary} ended with ${child.signalCode ?? child.exitCode} before it was ready`)));
  });
  return {
    address,
    async stop() {
      child.kill();
      await ended;
    },
  };
}
