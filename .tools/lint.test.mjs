// Each rule of lint.mjs finds a violation that is planted for it, and nothing in a tree without one.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { rules, treeOf } from "./lint.mjs";

const clean = {
  "go.mod": "module github.com/ftrack-wasm/ftrack-wasm\n\ngo 1.26\n",
  "wasm/main_js.go": "package main\n\nfunc main() {}\n",
};

/** @type {Record<string, Record<string, string>>} */
const planted = {
  "the module links nothing heavy": { "wasm/main_js.go": 'package main\n\nimport _ "encoding/json"\n\nfunc main() {}\n' },
  "packages of the module do not import os": { "wasm/main_js.go": 'package main\n\nimport _ "os"\n\nfunc main() {}\n' },
  "JavaScript is touched in jsbridge, wasm and _js.go of web-demo only": { "session/a.go": 'package session\n\nimport "syscall/js"\n\nvar _ js.Value\n' },
  "no package below session imports session": { "session/store/a.go": 'package store\n\nimport _ "github.com/ftrack-wasm/ftrack-wasm/session"\n' },
  "cache imports the standard library only": { "cache/a.go": 'package cache\n\nimport _ "github.com/ftrack-wasm/ftrack-wasm/session/wire"\n' },
  "files stay short": { "npm/src/long.ts": "//\n".repeat(501) },
  "nothing unexpected stands at the top": { "notes.md": "later\n" },
  "work is finished or not there": { "npm/src/a.ts": "// TO" + "DO: later\n" },
  "lock files hold no download addresses": { "npm/package-lock.json": '{"resolved": "https://example.com/x.tgz"}' },
  "no path of one machine": { "README.md": "see /ro" + "ot/x\n" },
  "Go is formatted": { "session/a.go": "package session\nvar  x   int\n" },
};

function treeWith(files) {
  const folder = mkdtempSync(join(tmpdir(), "ftrack-lint-"));
  execFileSync("git", ["init", "-q"], { cwd: folder });
  for (const [file, text] of Object.entries({ ...clean, ...files })) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return treeOf(folder);
}

test("every rule has a planted violation", () => assert.deepEqual(Object.keys(planted), Object.keys(rules)));

for (const [name, rule] of Object.entries(rules)) {
  test(`${name}: a planted violation is found, a clean tree is not blamed`, () => {
    for (const [files, expected] of [[planted[name], 1], [{}, 0]]) {
      const tree = treeWith(files);
      try {
        assert.equal(rule(tree).length, expected, JSON.stringify(files));
      } finally {
        rmSync(tree.folder, { recursive: true });
      }
    }
  });
}
