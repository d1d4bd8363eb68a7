import { mkdtemp, mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AccessorResourceIdentifierError, DiskAccessor, InvalidArgumentError } from "ftrack-wasm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeAccessor } from "./support/accessor-suite.js";

let folder: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ftrack-wasm-disk-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describeAccessor("the disk accessor", { fresh: () => new DiskAccessor(join(folder, `root${++count}`)), names: true });

test("a link does not lead out of the folder", async () => {
  const [outside, root] = [join(folder, "outside"), join(folder, "linked")];
  await Promise.all([mkdir(outside), mkdir(root)]);
  await writeFile(join(outside, "secret"), "x");
  await symlink(outside, join(root, "out"));
  const accessor = new DiskAccessor(root);
  for (const ask of [() => accessor.read("out/secret"), () => accessor.write("out/new", new Blob(["x"])), () => accessor.remove("out/secret"), () => accessor.list("out")]) {
    await expect(ask()).rejects.toThrow(AccessorResourceIdentifierError);
  }
  expect(await readdir(outside)).toEqual(["secret"]);
});

test("a folder is named by its whole path", () => {
  expect(() => new DiskAccessor("relative")).toThrow(InvalidArgumentError);
  expect(new DiskAccessor("/tmp/x/").filesystemPath("a/b")).toBe("/tmp/x/a/b");
});
