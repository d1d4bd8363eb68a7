import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Session } from "ftrack-wasm";
import type { SessionOptions } from "ftrack-wasm";
import { expect, onTestFinished, test, vi } from "vitest";
import { FakeServer } from "./support/fake-server.js";

/** Opens a session twice, and gives where its schemas were kept: the folders of the given ones in which a file is. */
async function keptIn(folders: Record<string, string>, options: SessionOptions): Promise<string[]> {
  const server = new FakeServer();
  server.schemaHash = "23a1157b8b1730fd91c76f63dcd67a8f";
  const open = async (): Promise<void> => (await Session.open({ serverUrl: "https://studio.example", apiKey: "k", apiUser: "u", fetch: server.fetch, ...options })).close();
  await open();
  const found = async (): Promise<string[]> => {
    const files = await Promise.all(Object.values(folders).map((folder) => readdir(folder).catch(() => [])));
    return Object.keys(folders).filter((_, i) => files[i]!.some((file) => /^studio\.example-[0-9a-f]{12}\.schemas$/.test(file)));
  };
  await vi.waitFor(async () => {
    if (options.schemaCachePath !== false) expect(await found()).not.toEqual([]);
  });
  server.requests.length = 0;
  await open();
  expect(server.requests.flatMap(({ operations }) => operations.map(({ action }) => action))).toEqual(options.schemaCachePath === false ? ["query_server_information", "query_schemas"] : ["query_server_information"]);
  return found();
}

test("schemas are kept in the folder that the option names, else the environment's, else one in the user's cache folder", async () => {
  const base = await mkdtemp(join(tmpdir(), "ftrack-wasm-test-"));
  onTestFinished(() => rm(base, { recursive: true, force: true }));
  vi.stubEnv("FTRACK_API_SCHEMA_CACHE_PATH", "");
  vi.stubEnv("XDG_CACHE_HOME", join(base, "cache"));
  vi.stubEnv("HOME", join(base, "home"));
  vi.stubEnv("LOCALAPPDATA", join(base, "cache"));
  onTestFinished(() => void vi.unstubAllEnvs());
  let round = 0;
  const check = (options: (folder: (name: string) => string) => SessionOptions, environment?: string): Promise<string[]> => {
    const own = `${round++}`;
    const folder = (name: string): string => join(base, own, name);
    if (environment) vi.stubEnv("FTRACK_API_SCHEMA_CACHE_PATH", folder(environment));
    return keptIn({ option: folder("option"), env: folder("env"), process: folder("process"), user: join(base, process.platform === "darwin" ? "home/Library/Caches" : "cache", "ftrack-wasm") }, options(folder));
  };
  expect(await check(() => ({ schemaCachePath: false }))).toEqual([]);
  expect(await check((folder) => ({ schemaCachePath: folder("option"), env: { FTRACK_API_SCHEMA_CACHE_PATH: folder("env") } }))).toEqual(["option"]);
  expect(await check((folder) => ({ env: { FTRACK_API_SCHEMA_CACHE_PATH: folder("env") } }))).toEqual(["env"]);
  expect(await check(() => ({}), "process")).toEqual(["process"]);
  vi.stubEnv("FTRACK_API_SCHEMA_CACHE_PATH", "");
  expect(await check(() => ({}))).toEqual(["user"]);
});
