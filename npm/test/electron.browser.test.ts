import { afterEach, expect, test, vi } from "vitest";
import type * as Md5 from "../src/md5.js";
import type * as Node from "../src/node.js";

// A page of Electron that is let use Node has Node's `process` and `require`; its `import` knows no modules of Node.
afterEach(() => vi.unstubAllGlobals());

/** A module of the sources as a page that has these globals from its start loads it. */
function loaded<T>(file: string, require?: (name: string) => unknown): Promise<T> {
  vi.stubGlobal("process", { versions: { node: "20.9.0" }, platform: "linux" });
  if (require) vi.stubGlobal("require", require);
  return import(/* @vite-ignore */ new URL(`../src/${file}?${crypto.randomUUID()}`, import.meta.url).href) as Promise<T>;
}

test("a page of Electron has Node's modules from its require", async () => {
  const { nodeFiles } = await loaded<typeof Node>("node.ts", (name) => ({ name }));
  expect(await nodeFiles()).toEqual({ fs: { name: "node:fs/promises" }, files: { name: "node:fs" }, path: { name: "node:path" }, crypto: { name: "node:crypto" } });
});

test("a page that only says that it has Node digests files as others do", async () => {
  const { md5Of } = await loaded<typeof Md5>("md5.ts");
  const digest = await md5Of(new Blob(["abc"]));
  expect(Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("")).toBe("900150983cd24fb0d6963f7d28e17f72");
});
