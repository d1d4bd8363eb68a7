// What every cache must do: the script of cache/testdata, which Go's caches work through too. Then what each does of its own.
import { InvalidArgumentError, LayeredCache, MemoryCache, ProxyCache, SerialisedCache } from "ftrack-wasm";
import type { Cache, CacheLike } from "ftrack-wasm";
import { describe, expect, test } from "vitest";
import scripts from "../../cache/testdata/contract.json" with { type: "json" };

interface Step {
  do: string;
  key?: string;
  keys?: string[];
  value?: string;
  values?: [string, string][];
  pattern?: string;
  gives?: unknown;
}

/** A cache as a program would write one: no batched forms, no values, answers at once, null for none. */
function plain(): CacheLike<string> {
  const values = new Map<string, string>();
  return {
    get: (key) => values.get(key) ?? null,
    set: (key, value) => void values.set(key, value),
    remove: (key) => values.delete(key),
    keys: () => values.keys(),
    clear: (pattern) => {
      for (const key of [...values.keys()]) if (pattern === undefined || new RegExp(pattern).test(key)) values.delete(key);
    },
  };
}

/** What an implementation must do through the class that makes a full cache of it. */
const CACHES: Record<string, () => Cache<string>> = {
  MemoryCache: () => new MemoryCache(),
  "MemoryCache with a limit": () => new MemoryCache({ limit: 1 << 20, measure: (key, value) => key.length + value.length }),
  ProxyCache: () => new ProxyCache(new MemoryCache<string>()),
  "ProxyCache over one's own": () => new ProxyCache(plain()),
  "ProxyCache with methods of its own": () =>
    new (class extends ProxyCache<string> {
      override async get(key: string) {
        return (await super.get(key))?.slice(1);
      }
      override set(key: string, value: string) {
        return super.set(key, `:${value}`);
      }
    })(new MemoryCache<string>()),
  LayeredCache: () => new LayeredCache([new MemoryCache<string>(), new MemoryCache<string>(), new MemoryCache<string>()]),
  "LayeredCache with a small layer over one's own": () => new LayeredCache([new MemoryCache<string>({ limit: 2 }), plain()]),
  SerialisedCache: () => new SerialisedCache<string>(new MemoryCache<string>()),
  "SerialisedCache over bytes": () =>
    new SerialisedCache<string, Uint8Array>(new MemoryCache<Uint8Array>(), {
      encode: (text) => new TextEncoder().encode(text),
      decode: (bytes) => Promise.resolve(new TextDecoder().decode(bytes)),
    }),
  "SerialisedCache in layers over one's own": () => new LayeredCache([new MemoryCache<string>(), new SerialisedCache<string>(plain())]),
};

describe.each(Object.entries(CACHES))("%s", (_, make) => {
  test.each(scripts as { name: string; steps: Step[] }[])("$name", async ({ steps }) => {
    const cache = make();
    for (const [i, step] of steps.entries()) {
      const gives = await run(cache, step);
      if ("gives" in step) expect(gives, `step ${i + 1}: ${JSON.stringify(step).slice(0, 100)}`).toEqual(step.do === "get" ? step.gives : sorted(step.gives));
    }
  });

  test("does many things at once", async () => {
    const cache = make();
    await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        await cache.set(`own ${i}`, `value ${i}`);
        await cache.set("shared", `value ${i}`);
        expect(await cache.get(`own ${i}`)).toBe(`value ${i}`);
        expect((await cache.getMany([`own ${i}`, "shared"])).get(`own ${i}`)).toBe(`value ${i}`);
        await cache.remove(`own ${i}`);
        expect(await cache.get(`own ${i}`)).toBeUndefined();
      }),
    );
    expect(await cache.keys()).toEqual(["shared"]);
  });

  test("is not confused by the flags of a pattern", async () => {
    const cache = make();
    await cache.setMany(new Map([["task 1", "a"], ["task 2", "b"], ["shot", "c"]]));
    await cache.clear(/TASK/gi);
    expect(await cache.keys()).toEqual(["shot"]);
  });
});

async function run(cache: Cache<string>, step: Step): Promise<unknown> {
  const { key = "", keys = [], value = "", values = [], pattern } = step;
  switch (step.do) {
    case "get":
      return (await cache.get(key)) ?? null;
    case "set":
      return cache.set(key, value);
    case "remove":
      return cache.remove(key);
    case "keys":
      return sorted(await cache.keys());
    case "values":
      return sorted(await cache.values());
    case "clear":
      return cache.clear(pattern);
    case "getMany":
      return sorted([...(await cache.getMany(keys))]);
    case "setMany":
      return cache.setMany(new Map(values));
    case "removeMany":
      return cache.removeMany(keys);
  }
  throw new Error(`the suite knows no step ${step.do}`);
}

function sorted(list: unknown): unknown {
  return (list as unknown[]).map((item) => JSON.stringify(item)).sort();
}

describe("MemoryCache", () => {
  test("lets the least recently used values go", async () => {
    const cache = new MemoryCache<string>({ limit: 10, measure: (_, value) => value.length });
    await cache.set("a", "12345");
    await cache.set("b", "12345");
    await cache.get("a");
    await cache.set("c", "1");
    expect(await cache.keys()).toEqual(["a", "c"]);
    await cache.set("a", "x".repeat(11));
    expect(await cache.keys()).toEqual(["c"]);
    await cache.get("nothing");
    expect(cache.statistics).toEqual({ entries: 1, size: 1, hits: 1, misses: 1 });
  });

  test("does not keep what cannot be measured, and keeps the rest", async () => {
    const cache = new MemoryCache<string>({ limit: 10, measure: (_, value) => Number(value) });
    await cache.set("a", "4");
    await cache.set("b", "no number");
    await cache.set("c", "5");
    expect([await cache.keys(), cache.statistics.size]).toEqual([["a", "c"], 9]);
  });

  test("rejects with what measure throws", async () => {
    const cache = new MemoryCache({ measure: () => { throw new Error("no scales"); } });
    await expect(cache.set("a", 1)).rejects.toThrow("no scales");
  });
});

describe("LayeredCache", () => {
  const broken: CacheLike<string> = Object.fromEntries(
    ["get", "set", "remove", "keys", "clear"].map((name) => [name, () => Promise.reject(new Error("the layer is broken"))]),
  ) as unknown as CacheLike<string>;

  test("fills the layers above, and writes to all", async () => {
    const [top, middle, bottom] = [new MemoryCache<string>(), new MemoryCache<string>(), new MemoryCache<string>()];
    const layered = new LayeredCache([top, middle, bottom]);
    await bottom.set("a", "1");
    expect(await layered.get("a")).toBe("1");
    expect([await top.get("a"), await middle.get("a")]).toEqual(["1", "1"]);
    await layered.set("a", "2");
    expect([await top.get("a"), await middle.get("a"), await bottom.get("a")]).toEqual(["2", "2", "2"]);
    await layered.remove("a");
    expect([await top.get("a"), await middle.get("a"), await bottom.get("a")]).toEqual([undefined, undefined, undefined]);
  });

  test.each(["above", "below"])("is not held up by a layer that fails %s", async (place) => {
    const memory = new MemoryCache<string>();
    const reported: unknown[] = [];
    const layered = new LayeredCache(place === "above" ? [broken, memory] : [memory, broken], { report: (error) => reported.push(error) });
    await expect(layered.set("a", "1")).rejects.toThrow("the layer is broken");
    expect(await layered.get("a")).toBe("1");
    expect(reported.length).toBe(place === "above" ? 2 : 0); // the read, and the filling
    await expect(layered.get("nothing")).rejects.toThrow("the layer is broken");
    await expect(layered.clear()).rejects.toThrow("the layer is broken");
    expect(await memory.keys()).toEqual([]);
    await expect(new LayeredCache([broken, broken]).get("a")).rejects.toThrow(AggregateError);
  });

  test("does not bring back what was replaced while it was read", async () => {
    const [top, bottom] = [new MemoryCache<string>(), new MemoryCache<string>()];
    await bottom.set("a", "old");
    const layered: LayeredCache<string> = new LayeredCache<string>([
      top,
      new (class extends ProxyCache<string> {
        override async get(key: string) {
          const value = await super.get(key);
          await layered.set("a", "new");
          return value;
        }
      })(bottom),
    ]);
    expect(await layered.get("a")).toBe("old");
    expect([await top.get("a"), await bottom.get("a")]).toEqual(["new", "new"]);
  });
});

describe("SerialisedCache", () => {
  test("keeps JSON by default, and gives new values each time", async () => {
    const kept = new MemoryCache<string>();
    const cache = new SerialisedCache<{ tags: string[] }>(kept);
    await cache.set("a", { tags: ["hero"] });
    expect(await kept.get("a")).toBe('{"tags":["hero"]}');
    (await cache.get("a"))!.tags.push("night");
    expect(await cache.get("a")).toEqual({ tags: ["hero"] });
    await kept.set("a", "{");
    await expect(cache.get("a")).rejects.toThrow(SyntaxError);
    await expect(cache.getMany(["a"])).rejects.toThrow(SyntaxError);
  });

  test("keeps all of many, or none when one cannot be encoded", async () => {
    const cache = new SerialisedCache<number>(new MemoryCache<string>(), {
      encode: (n) => {
        if (n < 0) throw new InvalidArgumentError("negative");
        return String(n);
      },
      decode: Number,
    });
    await expect(cache.setMany(new Map([["a", 1], ["b", -1]]))).rejects.toThrow(InvalidArgumentError);
    expect(await cache.keys()).toEqual([]);
  });
});
