// What the Makefile relies on: a failing step fails the run, and the size report reads a module right.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { readModule } from "./wasm-module.mjs";

const tools = dirname(fileURLToPath(import.meta.url));
const run = (...steps) => spawnSync(process.execPath, [join(tools, "run.mjs"), ...steps], { encoding: "utf8" });
const lastLine = (text) => text.trimEnd().split("\n").at(-1);

test("a run whose steps pass ends with their count and succeeds", () => {
  const { status, stdout } = run("one=true", "two=echo a=b");
  assert.equal(lastLine(stdout), "2 passed, 0 failed");
  assert.equal(status, 0);
});

test("a run goes on after a failing step, names it and fails", () => {
  const { status, stdout } = run("one=false | true", "two=echo reached");
  assert.match(stdout, /^reached$/m);
  assert.match(stdout, /^failed: one$/m);
  assert.equal(lastLine(stdout), "1 passed, 1 failed");
  assert.equal(status, 1);
});

test("functions of a module have their names and sizes", () => {
  const section = (id, ...content) => [id, content.length, ...content];
  const text = (value) => [value.length, ...Buffer.from(value)];
  const module = Buffer.from([
    ...[0, 97, 115, 109, 1, 0, 0, 0],
    ...section(1, 1, 0x60, 0, 0),
    ...section(2, 1, ...text("host"), ...text("call"), 0, 0),
    ...section(3, 2, 0, 0),
    ...section(10, 2, 2, 0, 0x0b, 4, 0, 0x01, 0x01, 0x0b),
    ...section(0, ...text("name"), 1, 13, 2, 1, ...text("a.one"), 2, ...text("b.2")),
  ]);
  assert.deepEqual(readModule(module).functions, [
    { name: "a.one", size: 2 },
    { name: "b.2", size: 4 },
  ]);
  assert.deepEqual(readModule(module).sections.map(({ name }) => name), ["type", "import", "function", "code", "name"]);
});

test("what is no module is refused", () => assert.throws(() => readModule(Buffer.from("<!doctype html>")), /not a WebAssembly module/));
