import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build as buildByEsbuild } from "esbuild";
import { rolldown } from "rolldown";
import { build, createServer, preview } from "vite";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { packageRoot } from "../scripts/go.mjs";
import { installPacked, launch, outcomeOf, serveFolder } from "./support.js";
import type { InstalledProject } from "./support.js";

const works = `packed ${manifest.version}`;

let project: InstalledProject;
let browser: Browser;

beforeAll(async () => {
  project = installPacked();
  browser = await launch();
});

afterAll(async () => {
  await browser.close();
  rmSync(dirname(project.folder), { recursive: true, force: true });
});

test("the package holds what it needs and nothing else", () => {
  const unexpected = project.files.filter((path) => !/^(package\.json|README\.md|dist\/((index|sandbox)\.js(\.map)?|(ftrack|sandbox)\.wasm|LICENSE|types\/.+\.d\.ts))$/.test(path));
  expect(unexpected).toEqual([]);
  expect(project.files).toEqual(expect.arrayContaining(["dist/index.js", "dist/ftrack.wasm", "dist/sandbox.js", "dist/sandbox.wasm", "dist/types/index.d.ts"]));
});

describe("in a page", () => {
  test("of a Vite build, with one module emitted", async () => {
    await build({ root: project.folder, logLevel: "error", build: { outDir: "dist-vite" } });
    const modules = readdirSync(join(project.folder, "dist-vite/assets")).filter((file) => file.endsWith(".wasm"));
    expect(modules).toHaveLength(1);
    const server = await preview({ root: project.folder, logLevel: "error", build: { outDir: "dist-vite" }, preview: { port: 0, host: "127.0.0.1" } });
    expect(await outcomeOf(browser, server.resolvedUrls!.local[0]!)).toEqual({ outcome: works, modules: 1 });
    await server.close();
  });

  test("of a Vite build under a path", async () => {
    await build({ root: project.folder, base: "/deep/er/", logLevel: "error", build: { outDir: "dist-base/deep/er" } });
    const { address, server } = await serveFolder(join(project.folder, "dist-base"));
    expect((await outcomeOf(browser, `${address}deep/er/`)).outcome).toBe(works);
    server.close();
  });

  test("of a Vite dev server", async () => {
    const server = await createServer({ root: project.folder, logLevel: "error", server: { port: 0, host: "127.0.0.1", hmr: false } });
    await server.listen();
    expect((await outcomeOf(browser, server.resolvedUrls!.local[0]!)).outcome).toBe(works);
    await server.close();
  });

  describe("bundled by esbuild", () => {
    const bundle = async (format: "esm" | "iife", page: string): Promise<string> => {
      const folder = join(project.folder, `dist-esbuild-${format}`);
      await buildByEsbuild({ absWorkingDir: project.folder, entryPoints: ["page.js"], bundle: true, format, outfile: join(folder, "page.js"), logLevel: "error", logOverride: { "empty-import-meta": "silent" } });
      mkdirSync(join(folder, "core"), { recursive: true });
      copyFileSync(join(project.folder, "node_modules/ftrack-wasm/dist/ftrack.wasm"), join(folder, "core/ftrack.wasm"));
      writeFileSync(join(folder, "index.html"), `<!doctype html><link rel="icon" href="data:,">${page}`);
      return folder;
    };

    test("works, told where the module is", async () => {
      const { address, server } = await serveFolder(await bundle("esm", '<script>globalThis.options = { wasm: "core/ftrack.wasm" }</script><script type="module" src="page.js"></script>'));
      expect(await outcomeOf(browser, address)).toEqual({ outcome: works, modules: 1 });
      server.close();
    });

    test("into a script that is no module, says what to do", async () => {
      const { address, server } = await serveFolder(await bundle("iife", '<script src="page.js"></script>'));
      expect((await outcomeOf(browser, address)).outcome).toMatch(/^ModuleLoadError: .*pass the address of ftrack\.wasm/);
      server.close();
    });
  });

  describe("without a bundler", () => {
    const html = '<!doctype html><link rel="icon" href="data:,"><script type="importmap">{"imports":{"ftrack-wasm":"/node_modules/ftrack-wasm/dist/index.js"}}</script><script type="module" src="/page.js"></script>';
    beforeAll(() => writeFileSync(join(project.folder, "plain.html"), html));

    test("works", async () => {
      const { address, server } = await serveFolder(project.folder);
      expect(await outcomeOf(browser, `${address}plain.html`)).toEqual({ outcome: works, modules: 1 });
      server.close();
    });

    test("works where .wasm has no MIME type", async () => {
      const { address, server } = await serveFolder(project.folder, { types: { ".wasm": "application/octet-stream" } });
      expect((await outcomeOf(browser, `${address}plain.html`)).outcome).toBe(works);
      server.close();
    });

    test("says what to do where the Content-Security-Policy forbids WebAssembly", async () => {
      const policy = (more: string) => ({ headers: { "content-security-policy": `script-src 'self' 'unsafe-inline'${more}` } });
      const closed = await serveFolder(project.folder, policy(""));
      expect((await outcomeOf(browser, `${closed.address}plain.html`)).outcome).toMatch(/^ModuleLoadError: .*add 'wasm-unsafe-eval' to its script-src/);
      closed.server.close();
      const open = await serveFolder(project.folder, policy(" 'wasm-unsafe-eval'"));
      expect((await outcomeOf(browser, `${open.address}plain.html`)).outcome).toBe(works);
      open.server.close();
    });
  });

  test("opened from a file, given bytes", async () => {
    writeFileSync(join(project.folder, "electron.js"), 'import { run } from "./program.js"; globalThis.run = run;');
    const bundle = await rolldown({ input: join(project.folder, "electron.js"), platform: "browser", onLog: () => undefined });
    await bundle.write({ file: join(project.folder, "electron-bundle.js"), format: "iife" });
    await bundle.close();
    // What a preload script of Electron would hand over.
    const bytes = readFileSync(join(project.folder, "node_modules/ftrack-wasm/dist/ftrack.wasm")).toString("base64");
    writeFileSync(join(project.folder, "electron-bytes.js"), `globalThis.wasm = Uint8Array.from(atob("${bytes}"), (c) => c.charCodeAt(0));`);
    const page = (program: string) => `<!doctype html><script src="electron-bytes.js"></script><script src="electron-bundle.js"></script><script>${program}</script>`;
    writeFileSync(join(project.folder, "electron.html"), page("globalThis.outcome = run({ wasm })"));
    writeFileSync(join(project.folder, "electron-fetch.html"), page('globalThis.outcome = run({ wasm: "node_modules/ftrack-wasm/dist/ftrack.wasm" })'));
    const address = (file: string) => pathToFileURL(join(project.folder, file)).href;
    expect((await outcomeOf(browser, address("electron.html"))).outcome).toBe(works);
    expect((await outcomeOf(browser, address("electron-fetch.html"))).outcome).toMatch(/^ModuleLoadError: .*cannot fetch: read the file another way and pass its bytes/);
  });
});

test("in Node", () => {
  const program = 'import { run } from "./program.js"; console.log(await run());';
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", program], { cwd: project.folder, encoding: "utf8", timeout: 20_000 });
  expect(output.trim()).toBe(works);
});

test.each(["bundler", "nodenext"])("in TypeScript, with module resolution %s", (resolution) => {
  writeFileSync(join(project.folder, "typed.ts"), 'import { Session } from "ftrack-wasm";\nexport const session: Session = await Session.open();\nexport const name: string | null | undefined = (await session.get("Task", "1"))?.name;\n');
  const module = resolution === "bundler" ? "esnext" : "nodenext";
  const args = ["--noEmit", "--strict", "--target", "es2022", "--lib", "es2022,dom", "--module", module, "--moduleResolution", resolution, "typed.ts"];
  execFileSync(process.execPath, [join(packageRoot, "node_modules/typescript/bin/tsc"), ...args], { cwd: project.folder, stdio: "inherit" });
});
