import { Session } from "ftrack-wasm";
import type { Event, Plugin, SessionOptions } from "ftrack-wasm";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { FakeServer } from "./support/fake-server.js";

/** The address of a module. What it tells goes through a local event, as it shares nothing else with the test. */
const module = (source: string): string => `data:text/javascript,${encodeURIComponent(source)}`;
const telling = (name: string, more = ""): string => module(`
  ${more}
  export function register(session, given) {
    (globalThis.told ??= []).push(["${name}", given, session.apiUser]);
    return () => globalThis.told.push(["${name} ends"]);
  }`);

/** What plugins told, those of modules too. */
let told: unknown[] = [];

async function open(options: SessionOptions): Promise<{ session: Session; warnings: string[] }> {
  told = (globalThis as { told?: unknown[] }).told = [];
  const warnings: string[] = [];
  const server = new FakeServer();
  const session = await Session.open({
    serverUrl: "https://studio.example", apiKey: "secret-key", apiUser: "demo", fetch: server.fetch, env: {}, logger: { warn: (text) => void warnings.push(text) }, ...options,
  });
  onTestFinished(() => session.close());
  return { session, warnings };
}

describe("plugins", () => {
  test("are imported in order, then come those that are values; closing takes them back in reverse", async () => {
    const { session, warnings } = await open({
      pluginPaths: [telling("first"), telling("second")],
      plugins: [
        function named(_session, given) {
          told.push(["named", given]);
          return () => told.push(["named ends"]);
        },
      ],
      pluginArguments: { a: 1 },
    });
    expect(told).toEqual([["first", { a: 1 }, "demo"], ["second", { a: 1 }, "demo"], ["named", { a: 1 }]]);
    expect(warnings).toEqual([]);
    told.length = 0;
    await session.close();
    expect(told).toEqual([["named ends"], ["second ends"], ["first ends"]]);
  });

  test("get the arguments that they name, with a warning about the rest", async () => {
    const { warnings } = await open({
      pluginPaths: [telling("some", `export const pluginArguments = ["a", "z"];`)],
      plugins: [{ register: (_session, given) => void told.push(given), pluginArguments: [] }],
      pluginArguments: { a: 1, b: 2, c: "secret" },
    });
    expect(told).toEqual([["some", { a: 1 }, "demo"], {}]);
    expect(warnings.map((text) => text.replace(/plugin data:\S+/, "plugin module"))).toEqual([
      "plugin module does not take all arguments: b, c left out",
      "plugin plugins[0] does not take all arguments: a, b, c left out",
    ]);
    expect(warnings.join()).not.toContain("secret");
  });

  test("that are not there, not JavaScript, or fail are reported and passed over", async () => {
    const { warnings } = await open({
      pluginPaths: [
        "https://localhost:1/no-plugin.js", module("this is not JavaScript"), module("throw new Error('at once')"), module("export const x = 1"), telling("bad", "export const pluginArguments = 5;"), telling("good"),
      ],
      plugins: [
        () => {
          throw new Error("broken");
        },
        () => Promise.reject(new Error("later")),
      ],
    });
    expect(told).toEqual([["good", {}, "demo"]]);
    expect(warnings).toHaveLength(7);
    for (const [index, wanted] of [/not loaded/, /not loaded/, /not loaded.*at once/, /no function register/, /no list of texts/, /broken/, /later/].entries()) expect(warnings[index]).toMatch(wanted);
    await expect(open({ plugins: [{}] as unknown as Plugin[] })).rejects.toThrow(/option plugins/);
  });

  test("that do not come to an end hold up nobody who aborts, and are taken back when they do", async () => {
    const reason = new Error("enough");
    const leave = new AbortController();
    let finish: ((undo: () => void) => void) | undefined;
    const opening = open({ signal: leave.signal, plugins: [() => new Promise((resolve) => (finish = resolve)), () => void told.push("next")] });
    await vi.waitFor(() => expect(finish).toBeDefined());
    leave.abort(reason);
    await expect(opening).rejects.toBe(reason);
    finish!(() => void told.push("undone"));
    await vi.waitFor(() => expect(told).toEqual(["undone"]));
  });

  test("that never end to take back what they did hold up closing for ten seconds, and no other plugin", async () => {
    const { session, warnings } = await open({ plugins: [() => () => void told.push("first ends"), function endless() { return () => new Promise(() => undefined); }] });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const closing = session.close();
    await vi.advanceTimersByTimeAsync(9_900);
    expect([told, warnings, session.closed]).toEqual([[], [], false]);
    await vi.advanceTimersByTimeAsync(200);
    vi.useRealTimers();
    await closing;
    expect([told, session.closed]).toEqual([["first ends"], true]);
    expect(warnings).toEqual(["plugin endless was not unregistered: Error: it was still at it after 10 seconds"]);
  });

  test("come from FTRACK_EVENT_PLUGIN_PATH where no paths are given", async () => {
    const one = telling("one");
    const two = telling("two");
    const env = { FTRACK_EVENT_PLUGIN_PATH: `${one};${two}` };
    await open({ env });
    expect(told).toHaveLength(2);
    await open({ env, pluginPaths: [] });
    expect(told).toHaveLength(0);
  });

  test("hear of the session's life", async () => {
    const heard: unknown[] = [];
    const { session } = await open({
      plugins: [
        (opened) => {
          opened.eventHub.subscribe("topic=ftrack.api.session.*", (event) => {
            const { topic, data } = event as Event<{ schema?: { id: string }; schemas?: unknown; session?: Session }>;
            if (topic !== "ftrack.api.session.construct-entity-type") return void heard.push([topic.slice(19), data.session === opened || data.session]);
            if (data.schema!.id !== "Task") return undefined;
            heard.push(["construct-entity-type", data.schemas === opened.schemas || data.schemas]);
            return (Base: abstract new (...args: never[]) => object) => {
              abstract class Extended extends Base {
                get shout(): string {
                  return `${(this as { name?: string }).name}!`;
                }
              }
              return Extended;
            };
          });
        },
      ],
    });
    expect(heard).toEqual([["construct-entity-type", true], ["configure-location", true], ["ready", true]]);
    const task = session.create("Task", { name: "sing" });
    expect((task as unknown as { shout: string }).shout).toBe("sing!");
    await session.reset();
    await Promise.resolve();
    expect(heard.at(-1)).toEqual(["reset", true]);
    expect(heard).toHaveLength(4);
  });
});
