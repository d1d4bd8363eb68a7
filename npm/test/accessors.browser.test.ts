import { AccessorPermissionDeniedError, DirectoryAccessor } from "ftrack-wasm";
import { afterAll, expect, test } from "vitest";
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

test("a directory that the user does not let the page into says so, whatever is tried", async () => {
  const directory = await freshDirectory();
  const open = new DirectoryAccessor(directory);
  await open.write("folder/file", new Blob(["x"]));
  const refused = (): never => {
    throw new DOMException("the user agent has no permission", "NotAllowedError");
  };
  // What browsers do once a permission is taken back: handles stay, and refuse.
  const within = (handle: FileSystemHandle, inner: boolean): FileSystemHandle =>
    new Proxy(handle, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== "function") return value;
        const passes = !inner && (name === "getDirectoryHandle" || name === "getFileHandle");
        return passes ? async (...args: unknown[]) => within((await (value.apply(target, args) as Promise<FileSystemHandle>)), true) : refused;
      },
    });
  const outside = new DirectoryAccessor(within(directory, true) as FileSystemDirectoryHandle);
  const inside = new DirectoryAccessor(within(directory, false) as FileSystemDirectoryHandle);
  for (const ask of [
    () => outside.stat("folder/file"), () => outside.read("folder/file"), () => outside.stream("folder/file"), () => outside.write("new", new Blob(["x"])), () => outside.list("folder"), () => outside.list(""),
    () => outside.remove("folder/file"), () => outside.makeContainer("new", { recursive: true }), () => inside.stat("folder/file"), () => inside.list("folder"), () => inside.remove("folder"), () => inside.write("folder/new", new Blob(["x"])),
  ]) {
    await expect(ask(), String(ask)).rejects.toThrow(AccessorPermissionDeniedError);
  }
  expect(await open.list("folder")).toEqual(["folder/file"]);
  const missing = new DirectoryAccessor(() => Promise.reject(new DOMException("storage is blocked", "SecurityError")));
  await expect(missing.stat("a")).rejects.toThrow(AccessorPermissionDeniedError);
});
