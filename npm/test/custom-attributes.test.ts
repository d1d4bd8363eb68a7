import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Session } from "ftrack-wasm";
import type { DefaultEntities } from "ftrack-wasm";
import { testServer } from "./support/server.js";
import type { TestServer } from "./support/server.js";

type Shot = DefaultEntities["Shot"];
type Sequence = DefaultEntities["Sequence"];

let server: TestServer;
let session: Session;
let other: Session;
let bodies: { expression?: string }[][] = [];

async function open(): Promise<Session> {
  const recording: typeof fetch = async (url, init) => {
    bodies.push(JSON.parse(typeof init?.body === "string" ? init.body : new TextDecoder().decode(init?.body as Uint8Array)) as (typeof bodies)[0]);
    return server.fetch(url, init);
  };
  // Requests are counted: nothing is kept, so that no news of the one session has the other ask what is true.
  return Session.open({ ...server.options, cache: null, fetch: recording });
}

beforeAll(async () => {
  server = await testServer();
  session = await open();
  other = await open();
});

afterAll(async () => {
  await session.close();
  await other.close();
  server.close();
});

/** A sequence with a shot and a task below it, as another session sees them. */
async function newTree(): Promise<{ sequence: Sequence; shot: Shot; seen: Shot }> {
  const project = (await session.query<"Project">("Project").first())!;
  const sequence = session.create("Sequence", { name: `sequence ${crypto.getRandomValues(new Uint32Array(1))[0]!}`, parent: project });
  const shot = session.create("Shot", { name: "shot", parent: sequence });
  await session.commit();
  const seen = (await other.get("Shot", shot.id!))!;
  bodies = [];
  return { sequence, shot, seen };
}

describe("custom attributes", () => {
  test("tell set values from defaults, in at most two requests", async () => {
    const { shot, seen } = await newTree();
    shot.custom_attributes.set("frameStart", 1001).set("frameEnd", null);
    await session.commit();
    bodies = [];
    const attributes = await seen.custom_attributes.load();
    expect(bodies.length).toBeLessThanOrEqual(2);
    expect(["frameStart", "frameEnd", "fps"].map((key) => [attributes.get(key), attributes.source(key)])).toEqual([
      [1001, "set"],
      [null, "set"],
      [25, "default"],
    ]);
    expect([attributes.source("nope"), attributes.get("nope"), attributes.has("nope")]).toEqual([undefined, undefined, false]);
    bodies = [];
    await seen.load("custom_attributes.frameEnd");
    expect(bodies).toEqual([]);
  });

  test("that a query selected show values, and not yet where they come from", async () => {
    const { shot } = await newTree();
    const row = await other.query<"Shot">(`select custom_attributes from Shot where id is "${shot.id!}"`).one();
    expect([row.custom_attributes.loaded, row.custom_attributes.resolved, row.custom_attributes.get("frameStart"), row.custom_attributes.source("frameStart")]).toEqual([true, false, 1001, undefined]);
    await row.custom_attributes.load();
    expect([row.custom_attributes.resolved, row.custom_attributes.source("frameStart")]).toEqual([true, "default"]);
  });

  test("that are hierarchical come from the nearest entity above that has them set", async () => {
    const { sequence, seen } = await newTree();
    const project = sequence.project_id!;
    sequence.custom_attributes.set("resolution", "2048x858");
    await session.commit();
    const attributes = await seen.custom_attributes.load();
    expect([attributes.get("resolution"), attributes.source("resolution"), attributes.inheritedFrom("resolution")]).toEqual(["2048x858", "inherited", sequence.id]);
    expect([attributes.get("fps"), attributes.source("fps"), attributes.inheritedFrom("fps")]).toEqual([25, "default", undefined]);
    const above = attributes.source("fps", { hierarchical: true });
    expect([attributes.get("fps", { hierarchical: true }), above, attributes.inheritedFrom("fps", { hierarchical: true })]).toEqual(above === "inherited" ? [expect.any(Number), above, project] : [24, "default", undefined]);
  });

  test("show at once what unsetting or setting them will bring, also below", async () => {
    const { sequence, shot } = await newTree();
    sequence.custom_attributes.set("resolution", "4096x1716");
    shot.custom_attributes.set("resolution", "1280x720");
    await session.commit();
    await Promise.all([shot.custom_attributes.load(), sequence.custom_attributes.load()]);
    const shown = (): unknown[] => [shot.custom_attributes.get("resolution"), shot.custom_attributes.source("resolution")];
    expect(shown()).toEqual(["1280x720", "set"]);
    shot.custom_attributes.delete("resolution");
    expect(shown()).toEqual(["4096x1716", "inherited"]);
    session.rollback();
    expect(shown()).toEqual(["1280x720", "set"]);
    shot.custom_attributes.delete("resolution");
    await session.commit();
    expect(shown()).toEqual(["4096x1716", "inherited"]);
    sequence.custom_attributes.set("resolution", "8192x3432");
    await session.commit();
    expect(shown()).toEqual(["8192x3432", "inherited"]);
  });

  test("of an entity that got another parent are found anew", async () => {
    const { shot } = await newTree();
    const { sequence } = await newTree();
    sequence.custom_attributes.set("resolution", "640x480");
    await session.commit();
    await shot.custom_attributes.load();
    shot.parent = sequence;
    await session.commit();
    expect(shot.custom_attributes.source("resolution")).toBeUndefined();
    await shot.custom_attributes.load();
    expect([shot.custom_attributes.get("resolution"), shot.custom_attributes.inheritedFrom("resolution")]).toEqual(["640x480", sequence.id]);
  });

  test("of versions and assets inherit too", async () => {
    const { sequence, shot } = await newTree();
    const asset = session.create("Asset", { name: "render", parent: shot });
    const version = session.create("AssetVersion", { asset, comment: "first" });
    sequence.custom_attributes.set("resolution", "1998x1080");
    await session.commit();
    const seen = (await other.get("AssetVersion", version.id!))!;
    await seen.custom_attributes.load();
    expect([seen.custom_attributes.get("resolution"), seen.custom_attributes.source("resolution"), seen.custom_attributes.get("colourspace"), seen.custom_attributes.source("colourspace")]).toEqual([
      "1998x1080", "inherited", "ACEScg", "default",
    ]);
    const seenAsset = (await other.get("Asset", asset.id!))!;
    await seenAsset.custom_attributes.load();
    expect([seenAsset.custom_attributes.get("resolution"), seenAsset.custom_attributes.get("licence")]).toEqual(["1998x1080", "in-house"]);
  });

  test("of many entities are told apart in the same requests", async () => {
    const shots = await other.query<"Shot">("select id from Shot").all();
    bodies = [];
    await other.populate(shots, "custom_attributes");
    expect(bodies.length).toBeLessThanOrEqual(2);
    expect(new Set(shots.map(({ custom_attributes: attributes }) => attributes.resolved))).toEqual(new Set([true]));
    bodies = [];
    await shots[0]!.custom_attributes.load();
    expect(bodies).toEqual([]);
  });

  test("tell who subscribed", async () => {
    const { seen } = await newTree();
    await seen.custom_attributes.load();
    let told = 0;
    const end = seen.subscribe(() => told++);
    seen.custom_attributes.set("frameStart", 7);
    await Promise.resolve();
    expect(told).toBe(1);
    other.rollback();
    await Promise.resolve();
    expect(told).toBe(2);
    end();
  });
});
