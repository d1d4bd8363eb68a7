import { describe, expect, onTestFinished, test, vi } from "vitest";
import { ReplyDatabase } from "../src/idb/reply-database.js";
import { at, bytes, bytesOf, count, database, named, reply, saved, tab, things } from "./support/replies.js";
import type { Thing } from "./support/replies.js";

describe("tabs", () => {
  test("see what others save, at once and once", async () => {
    const [one, two] = [tab().store, tab().store];
    await two.open();
    const heard: unknown[] = [];
    two.listener = (told, gone) => heard.push(things(told?.bytes) ?? gone);
    expect(await two.load("a")).toBeUndefined();
    one.save(reply("a", [{ id: 1, name: "one" }], 1));
    await one.written();
    await expect.poll(() => at(two, "a")).toBe(1);
    one.save(reply("", [{ id: 1, name: "uno" }], 2, [8]));
    await one.written();
    await expect.poll(() => heard).toEqual([[{ id: 1, name: "one" }], [{ id: 1, name: "uno" }], [["Task", ["8"]]]]);
    expect((things((await two.load("a"))?.newer) as Thing[])[0]!.name).toBe("uno");
  });

  test("do not double what they save at the same time, nor lose it", async () => {
    const tabs = Array.from({ length: 4 }, () => tab(1e8).store);
    for (let round = 0; round < 12; round++) {
      await Promise.all(tabs.map((store, i) => (store.save(saved("shared", bytes(80_000, round), round)), store.save(saved(`own ${i}`, bytes(80_000, i), round)), store.written())));
    }
    for (const store of tabs) store.save(saved("last", bytes(1), 1));
    await Promise.all(tabs.map((store) => store.written()));
    await Promise.all(tabs.map((store) => store.close()));
    const { store, warnings } = tab(1e8);
    expect((await store.load("shared"))!.at).toBe(11);
    for (let i = 0; i < tabs.length; i++) expect(bytesOf(await store.load(`own ${i}`))![0]).toBe(i);
    store.save(saved("last", bytes(1), 2));
    await store.written();
    expect([(await store.statistics()).bytes, warnings]).toEqual([5 * 80_000 + 1, []]);
  });

  test.each([true, false])("only one writes segments anew (locks: %s)", async (locks) => {
    if (!locks) vi.stubGlobal("navigator", { ...navigator, locks: undefined });
    const tabs = Array.from({ length: 3 }, () => tab().store);
    for (let i = 0; i < 66; i++) {
      const store = tabs[i % 3]!;
      store.save(reply(`key ${i}`, [{ id: i, name: `name ${i}` }], i));
      await store.written();
    }
    await Promise.all(tabs.map((store, i) => (store.save(reply(`more ${i}`, [{ id: 100 + i, name: "more" }], 1)), store.written())));
    for (const store of tabs) {
      for (let i = 0; i < 66; i++) await expect.poll(async () => things(bytesOf(await store.load(`key ${i}`)))).toEqual([{ id: i, name: `name ${i}` }]);
    }
    expect(await count("heads")).toBeLessThan(20);
  });

  test("that do not share hear nothing", async () => {
    const one = tab().store;
    const two = new ReplyDatabase(database.name, console, { shareTabs: false });
    two.stamp("schemas");
    onTestFinished(() => two.close());
    await two.open();
    let heard = 0;
    two.listener = () => heard++;
    one.save(saved("a", bytes(10), 1));
    await one.written();
    const three = tab().store;
    await expect.poll(() => at(three, "a")).toBe(1);
    expect(heard).toBe(0);
  });

  test("read on when another one has moved or dropped what they know of", async () => {
    const [one, two] = [new ReplyDatabase(database.name, console, { shareTabs: false }), tab().store];
    one.stamp("schemas");
    onTestFinished(() => one.close());
    two.save(saved("moved", bytes(100_000, 1), 1));
    two.save(saved("dropped", bytes(100_000, 2), 1));
    await two.written();
    expect(await one.open()).toBe("schemas");
    two.save(saved("moved", bytes(100_000, 3), 2));
    await two.written();
    expect((await one.load("moved"))!.at).toBe(2);
    await two.clear();
    expect(await one.load("dropped")).toBeUndefined();
  });
});

describe("what is saved late", () => {
  test("is older than what came after it, wherever it stands", async () => {
    const { store } = tab();
    const late = tab().store;
    const came = Date.now();
    store.save(reply("a", [{ id: 1, name: "first" }, { id: 2, name: "two" }], came));
    await store.written();
    store.save(reply("", [{ id: 1, name: "committed" }], came + 500, [2]));
    store.save(reply("b", [{ id: 3, name: "new" }], came + 600));
    await store.written();
    late.save(reply("c", [{ id: 1, name: "first" }, { id: 2, name: "two" }], came + 200));
    late.save(reply("b", [{ id: 3, name: "old" }], came + 300));
    await late.written();
    for (const each of [late, tab().store]) {
      const found = await each.load("c");
      expect((things(found?.newer) as Thing[]).map((thing) => thing.name)).toEqual(["committed"]);
      expect(found?.gone).toHaveLength(1);
      expect(things(bytesOf(await each.load("b")))).toEqual([{ id: 3, name: "new" }]);
      expect((things(await each.entity(named(1), undefined)) as Thing[])[0]!.name).toBe("committed");
      expect(await each.entity(named(2), undefined)).toBeUndefined();
    }
  });

  test("of one millisecond keeps the order in which it was saved", async () => {
    const { store } = tab();
    for (let i = 0; i < 600; i++) store.save(reply("", [{ id: 1, name: String(i) }], 1e12));
    await store.written();
    expect((things(await store.entity(named(1), undefined)) as Thing[]).map(({ name: each }) => each).slice(0, 3)).toEqual(["599", "598", "597"]);
  });
});
