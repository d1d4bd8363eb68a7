import { DirectoryAccessor } from "ftrack-wasm";
import { afterAll } from "vitest";
import { describeAccessor } from "./support/accessor-suite.js";

const made: string[] = [];

async function freshDirectory(): Promise<FileSystemDirectoryHandle> {
  const name = `accessor-test-${crypto.randomUUID()}`;
  made.push(name);
  return (await navigator.storage.getDirectory()).getDirectoryHandle(name, { create: true });
}

afterAll(async () => {
  const root = await navigator.storage.getDirectory();
  for (const name of made) await root.removeEntry(name, { recursive: true }).catch(() => undefined);
});

describeAccessor("the browser's own file system", { fresh: async () => new DirectoryAccessor(await freshDirectory()), names: true });
describeAccessor("a directory that is asked for", {
  fresh: async () => {
    const directory = await freshDirectory();
    return new DirectoryAccessor(() => directory);
  },
  names: true,
});
