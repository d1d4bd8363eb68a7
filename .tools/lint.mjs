// The rules of the tree that no ordinary linter knows. `node .tools/lint.mjs [folder]` prints each violation and exits 1
// when there is one. lint.test.mjs plants a violation of each rule and sees it found.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const modulePath = "github.com/ftrack-wasm/ftrack-wasm";

/** What the module must not link: each costs more than it gives (DESIGN: sizes). crypto is judged by its own packages. */
const forbidden = /^(net\/http|encoding\/json|crypto(\/.*)?|regexp|net\/url|log(\/.*)?|math\/big|runtime\/debug)$/;
const longestFile = 500;

const sourceFile = /\.(go|ts|mts|js|mjs|css|sh)$/;
const topLevel = new Set(["session", "cache", "jsbridge", "wasm", "npm", "web-demo", "go.mod", "go.sum", "Makefile", "README.md", "LICENSE"]);
const generated = /(^|\/)(package-lock\.json|go\.sum)$|\/generated\/|\/testdata\/|\.snap$/;

/** @type {Record<string, (tree: Tree) => string[]>} */
export const rules = {
  "the module links nothing heavy": ({ go }) => {
    const dependencies = go(["list", "-deps", "./wasm"], { GOOS: "js", GOARCH: "wasm" });
    return dependencies.filter((name) => forbidden.test(name)).map((name) => `wasm links ${name}`);
  },
  "packages of the module do not import os": ({ go }) =>
    go(["list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}: {{join .Imports \" \"}}{{end}}", "./wasm"], { GOOS: "js", GOARCH: "wasm" })
      .filter((line) => line.startsWith(modulePath) && / os( |$)/.test(line))
      .map((line) => `${line.split(":")[0]} imports os`),
  "JavaScript is touched in jsbridge, wasm and _js.go of web-demo only": ({ files, read }) =>
    files
      .filter((file) => file.endsWith(".go") && !/^(jsbridge|wasm)\//.test(file) && !/^web-demo\/.*_js\.go$/.test(file))
      .filter((file) => /"(syscall\/js|github\.com\/hack-pad\/safejs.*)"/.test(read(file)))
      .map((file) => `${file} imports JavaScript`),
  "no package below session imports session": ({ files, read }) =>
    files
      .filter((file) => /^session\/.+\/.*\.go$/.test(file) && !file.endsWith("_test.go"))
      .filter((file) => read(file).includes(`"${modulePath}/session"`))
      .map((file) => `${file} imports session`),
  "cache imports the standard library only": ({ files, read }) =>
    files
      .filter((file) => /^cache\/.*\.go$/.test(file) && !file.endsWith("_test.go"))
      .filter((file) => [...read(file).matchAll(/^\s*(?:import )?(?:\w+ )?"([^"]+)"/gm)].some(([, name]) => name.includes(".") && !name.startsWith(`${modulePath}/cache`)))
      .map((file) => `${file} imports more than the standard library`),
  "files stay short": ({ files, read }) =>
    files
      .filter((file) => sourceFile.test(file) && !generated.test(file))
      .map((file) => [file, read(file).split("\n").length - 1])
      .filter(([, lines]) => lines > longestFile)
      .map(([file, lines]) => `${file} has ${lines} lines, more than ${longestFile}`),
  "nothing unexpected stands at the top": ({ files }) =>
    [...new Set(files.map((file) => file.split("/")[0]))]
      .filter((name) => !name.startsWith(".") && !topLevel.has(name))
      .map((name) => `${name} stands at the top`),
  "work is finished or not there": ({ files, read }) =>
    files
      .filter((file) => sourceFile.test(file) && !generated.test(file) && !file.startsWith(".tools/lint"))
      .filter((file) => /\b(TODO|FIXME|XXX)\b/.test(read(file)))
      .map((file) => `${file} has a note of unfinished work`),
  "lock files hold no download addresses": ({ files, read }) =>
    files.filter((file) => file.endsWith("package-lock.json") && /"resolved": *"https?:/.test(read(file))).map((file) => `${file} holds download addresses`),
  "no path of one machine": ({ files, read }) =>
    files
      .filter((file) => !/\.(png|wasm|ico)$/.test(file) && !file.startsWith(".tools/lint"))
      .filter((file) => /(^|[^\w.])\/(work|farm|root)\//m.test(read(file)))
      .map((file) => `${file} names a path of one machine`),
  "Go is formatted": ({ files, folder }) => {
    const sources = files.filter((file) => file.endsWith(".go"));
    if (sources.length === 0) return [];
    return execFileSync("gofmt", ["-l", ...sources], { cwd: folder, encoding: "utf8" }).split("\n").filter(Boolean).map((file) => `gofmt would change ${file}`);
  },
};

/**
 * @typedef {object} Tree
 * @property {string} folder
 * @property {string[]} files tracked by git or new and not ignored
 * @property {(file: string) => string} read
 * @property {(args: string[], env: Record<string, string>) => string[]} go output lines
 */

/** @param {string} folder @returns {Tree} */
export function treeOf(folder) {
  const list = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: folder, encoding: "utf8", maxBuffer: 1 << 26 });
  const texts = new Map();
  return {
    folder,
    files: [...new Set(list.split("\n").filter(Boolean))],
    read(file) {
      if (!texts.has(file)) {
        let text = "";
        try {
          text = readFileSync(join(folder, file), "utf8");
        } catch (error) {
          if (error.code !== "ENOENT") throw error; // deleted, not committed yet
        }
        texts.set(file, text);
      }
      return texts.get(file);
    },
    go: (args, env) => execFileSync("go", args, { cwd: folder, encoding: "utf8", env: { ...process.env, ...env } }).split("\n").filter(Boolean),
  };
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const tree = treeOf(resolve(process.argv[2] ?? "."));
  let violations = 0;
  for (const [name, rule] of Object.entries(rules)) {
    for (const text of rule(tree)) {
      violations++;
      console.error(`${name}: ${text}`);
    }
  }
  console.log(`${Object.keys(rules).length} rules of the tree, ${violations} violations`);
  process.exit(violations > 0 ? 1 : 0);
}
