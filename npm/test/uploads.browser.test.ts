import { LocationError, SERVER_LOCATION_ID, ServerError, Session } from "ftrack-wasm";
import type { DefaultEntities, TransferProgress } from "ftrack-wasm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, onTestFinished, test, vi } from "vitest";
import { describeAccessor } from "./support/accessor-suite.js";
import { testServer } from "./support/server.js";
import type { TestServer } from "./support/server.js";
import { equalBlobs, noise } from "./support/uploads.js";
import type { UploadFaults, UploadState } from "./support/uploads.js";

const MB = 1 << 20;
// A sandbox inside the page keeps what it is sent in the memory of its module, several times over while it comes in.
const LARGEST = inject("through") === "page" ? 40 * MB : Infinity;
const quick = { delay: 20, maxDelay: 200, jitter: 10 };

let server: TestServer;
let session: Session;
let edited: DefaultEntities["Task"];

beforeAll(async () => {
  server = await testServer("uploads");
});

afterAll(() => server.close());

beforeEach(async () => {
  await uploadFaults({});
  session = await Session.open(server.options);
  edited = session.create("Task", { name: "pending and unrelated" });
});

afterEach(async () => {
  expect(session.recordedOperations.length, "the pending edit survived").toBe(1);
  expect(edited.name).toBe("pending and unrelated");
  expect(await session.query('select id from Task where name is "pending and unrelated"').all()).toEqual([]);
  await session.close();
  await uploadFaults({});
});

const uploadFaults = (faults: UploadFaults): Promise<unknown> => server.steer("/uploads", "PUT", faults);
const uploadState = (): Promise<UploadState> => server.steer("/uploads", "GET") as Promise<UploadState>;

async function expectStored(component: DefaultEntities["Component"], data: Blob): Promise<void> {
  expect(await equalBlobs(await session.readComponent(component), data)).toBe(true);
  const places = await session.query(`select location_id from ComponentLocation where component_id is "${component.id!}"`).all();
  expect(places.map((each) => (each as DefaultEntities["ComponentLocation"]).location_id)).toEqual([SERVER_LOCATION_ID]);
}

describe("uploads", () => {
  for (const [what, size, parts] of [["nothing", 0, 1], ["one byte", 1, 1], ["one chunk", 8 * MB, 1], ["two chunks", 16 * MB, 1], ["a byte more", 16 * MB + 1, 3], ["300 MB", 300 * MB, 19]] as const) {
    if (size > LARGEST) continue;
    test(`${what} goes up in ${parts} part${parts > 1 ? "s" : ""}`, { timeout: 120_000 }, async () => {
      const before = (await uploadState()).attempts["200"] ?? 0;
      const data = noise(size);
      const seen: TransferProgress[] = [];
      const component = await session.createComponent(data, { name: "main", data: { file_type: ".bin" }, onProgress: (progress) => seen.push(progress) });
      expect(component).toMatchObject({ name: "main", entityType: "FileComponent" });
      expect(seen.at(-1)).toEqual({ loaded: size, total: size });
      expect(((await uploadState()).attempts["200"] ?? 0) - before).toBe(parts);
      await expectStored(component, data);
    });
  }

  test("where locks are refused, as in a frame without an origin, files go up too", async () => {
    const { locks } = navigator;
    const refuse = (): Promise<never> => Promise.reject(new DOMException("no origin", "SecurityError"));
    for (const name of ["request", "query"] as const) {
      const refused = vi.spyOn(locks, name).mockImplementation(refuse);
      onTestFinished(() => refused.mockRestore());
    }
    const data = noise(1000);
    await expectStored(await session.createComponent(data, { name: "main", data: { file_type: ".bin" } }), data);
  });

  test("parts that fail are sent again", { timeout: 60_000 }, async () => {
    await uploadFaults({ fail: LARGEST === Infinity ? 0.2 : 0.5, seed: 7 }); // of few parts more
    const data = noise(Math.min(200 * MB, LARGEST));
    const upload = await session.upload(data, { name: "main", retry: quick });
    const component = (await upload.done) as DefaultEntities["Component"];
    expect(upload.state).toBe("done");
    expect((await uploadState()).attempts["503"]).toBeGreaterThan(0);
    await uploadFaults({});
    await expectStored(component, data);
  });

  test("connections that die are taken up again", { timeout: 60_000 }, async () => {
    await uploadFaults({ cut: 0.2, seed: 3 });
    const data = noise(Math.min(100 * MB, LARGEST));
    const component = (await (await session.upload(data, { name: "main", retry: quick })).done) as DefaultEntities["Component"];
    await uploadFaults({});
    await expectStored(component, data);
  });

  test("on a slow network several parts go at once, but for what is asked for", { timeout: 60_000 }, async () => {
    for (const [connections, most] of [[1, 1], [undefined, 4]] as const) {
      let [under, peak] = [0, 0];
      const own = await Session.open({
        ...server.options,
        fetch: async (input, init) => {
          if (init?.method !== "PUT") return server.fetch(input, init);
          peak = Math.max(peak, ++under);
          await new Promise((resolve) => setTimeout(resolve, most === 1 ? 300 : 2000));
          return server.fetch(input, init).finally(() => under--);
        },
      });
      const data = noise(64 * MB);
      const component = (await (await own.upload(data, { connections })).done) as DefaultEntities["Component"];
      expect(peak).toBe(most);
      await expectStored(component, data);
      await own.close();
    }
  });

  test("a part that fails for good leaves nothing", async () => {
    await uploadFaults({ parts: [2], status: 500 });
    const upload = await session.upload(noise(40 * MB), { retry: { ...quick, attempts: 3 } });
    await expect(upload.done).rejects.toThrow(ServerError);
    expect(upload.state).toBe("failed");
    await expectNothingLeft(upload.componentId);
  });

  test("an aborted upload leaves nothing", async () => {
    await uploadFaults({ rate: 20 * MB });
    // Addresses that other files' tests asked for and never used stay with the server.
    const { uploads: before } = await uploadState();
    const abort = new AbortController();
    const reason = new Error("the user left");
    const creating = session.createComponent(noise(Math.min(100 * MB, LARGEST)), { signal: abort.signal, onProgress: ({ loaded }) => loaded > 20 * MB && abort.abort(reason) });
    await expect(creating).rejects.toBe(reason);
    expect((await uploadState()).uploads).toEqual(before);
    expect(await session.unfinishedUploads()).toEqual([]);

    await expect(session.createComponent(noise(MB), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test("a paused upload waits, and goes on", { timeout: 60_000 }, async () => {
    await uploadFaults({ rate: 30 * MB });
    const data = noise(Math.min(60 * MB, LARGEST));
    const upload = await session.upload(data, { name: "main" });
    await new Promise<void>((resolve) => upload.subscribe(() => upload.loaded > 10 * MB && resolve()));
    upload.pause();
    upload.pause();
    expect(upload.state).toBe("paused");
    expect((await session.unfinishedUploads()).map(({ componentId }) => componentId), "it is under way").toEqual([]);
    upload.resume();
    expect(upload.state).toBe("running");
    await expectStored((await upload.done) as DefaultEntities["Component"], data);
  });

  test("addresses that have expired are asked for anew", { timeout: 60_000 }, async () => {
    await uploadFaults({ expiry: "1ms" });
    const data = noise(40 * MB);
    const upload = await session.upload(data, { name: "main", retry: quick });
    await uploadFaults({});
    await expectStored((await upload.done) as DefaultEntities["Component"], data);
  });

  test("the page stays responsive, and its key is in no address", async () => {
    const addresses: string[] = [];
    const watch = new PerformanceObserver((list) => addresses.push(...list.getEntries().map(({ name }) => name)));
    watch.observe({ type: "resource" });
    // A fetch of the page's own need not reach the browser's.
    const { fetch } = server.options;
    const noting: typeof globalThis.fetch = (input, init) => (addresses.push(input instanceof Request ? input.url : String(input)), fetch!(input, init));
    const own = await Session.open({ ...server.options, ...(fetch && { fetch: noting }) });
    const component = await own.createComponent(noise(20 * MB));
    await own.readComponent(component);
    await new Promise((resolve) => setTimeout(resolve));
    watch.disconnect();
    const asked = [...addresses, ...performance.getEntriesByType("resource").map(({ name }) => name)];
    expect(asked.some((address) => address.includes("/component/get"))).toBe(true);
    expect(asked.filter((address) => address.includes(server.secret))).toEqual([]);
    if (server.options.apiKey) expect(own.thumbnailUrl(component), "the search would find it").toContain(server.secret);
    await own.close();
  });

  test("what cannot be removed is named, and stays on record", async () => {
    await uploadFaults({ parts: [1], status: 400 });
    let refuse = false;
    const own = await Session.open({
      ...server.options,
      fetch: (input, init) => {
        if (refuse && String(input).endsWith("/api")) return Promise.resolve(new Response("gone", { status: 400 }));
        return server.fetch(input, init).then((response) => {
          if (String(input).includes("/upload/")) refuse = true;
          return response;
        });
      },
    });
    const upload = await own.upload(noise(40 * MB), { retry: quick });
    const error: unknown = await upload.done.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(LocationError);
    expect((error as LocationError).left).toEqual({ [upload.componentId]: upload.componentId });
    refuse = false;
    const [left] = await own.unfinishedUploads();
    expect(left?.componentId).toBe(upload.componentId);
    await left!.discard();
    await expectNothingLeft(upload.componentId);
    await own.close();
  });
});

async function expectNothingLeft(id: string): Promise<void> {
  const { components, uploads } = await uploadState();
  expect(components[id]).toBeUndefined();
  expect(uploads[id]).toBeUndefined();
  expect(await session.query(`select id from Component where id is "${id}"`, { policy: "network-only" }).all()).toEqual([]);
  expect((await session.unfinishedUploads()).filter(({ componentId }) => componentId === id)).toEqual([]);
}

describeAccessor("the accessor of the server", {
  fresh: () => session.components.book.of(SERVER_LOCATION_ID).accessor!,
  names: false,
  id: () => crypto.randomUUID(),
});
