// The examples of README.md run as they are printed, against the sandbox.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const readme = readFileSync(join(root, "README.md"), "utf8");
let folder;
let sandbox;
let env;

before(async () => {
  mkdirSync(join(root, "bin"), { recursive: true });
  folder = mkdtempSync(join(root, "bin/_readme-")); // in the tree: the Go example needs the module around it; ./... leaves out "_"
  sandbox = spawn(join(root, "bin/sandbox"), ["-listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise((resolve, reject) => {
    let text = "";
    sandbox.once("error", reject);
    sandbox.once("exit", (code) => reject(new Error(`the sandbox ended with ${code}`)));
    sandbox.stdout.on("data", (part) => {
      text += part;
      const ready = /^sandbox ready (\S+)$/m.exec(text);
      if (ready) resolve(ready[1]);
    });
  });
  env = { ...process.env, FTRACK_SERVER: url, FTRACK_API_USER: "demo", FTRACK_API_KEY: "demo-key" };
});

after(() => {
  sandbox?.kill();
  rmSync(folder, { recursive: true, force: true });
});

test("the JavaScript example runs as printed", async () => {
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(join(root, "npm"), join(folder, "node_modules/ftrack-wasm"));
  writeFileSync(join(folder, "example.mjs"), example("js"));
  await runs(process.execPath, ["example.mjs"], /^.+ \/ .+: In progress$/);
});

test("the Go example runs as printed", async () => {
  writeFileSync(join(folder, "main.go"), example("go"));
  await runs("go", ["run", "main.go"], /^.+: In progress$/);
});

async function runs(program, args, line) {
  const { stdout, stderr } = await promisify(execFile)(program, args, { cwd: folder, env, timeout: 120_000 });
  const lines = stdout.trimEnd().split("\n");
  assert.equal(lines.length, 5, stdout + stderr);
  for (const text of lines) assert.match(text, line);
}

/** The only code block of a language. @param {string} language */
function example(language) {
  const blocks = [...readme.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, "gm"))];
  assert.equal(blocks.length, 1, `README.md has ${blocks.length} blocks of ${language}`);
  return blocks[0][1];
}
