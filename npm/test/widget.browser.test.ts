import { InvalidArgumentError, Session } from "ftrack-wasm";
import type { WidgetContext } from "ftrack-wasm";
import { expect, onTestFinished, test } from "vitest";
import { FakeServer } from "./support/fake-server.js";

// Specs run in a frame; the page around it stands for ftrack's.
const studio = "https://studio.ftrackapp.com";
const credentials = { serverUrl: studio, apiUser: "ann", apiKey: "widget-key", csrfToken: "x" };

function say(origin: string, source: MessageEventSource | null, content: unknown): void {
  window.dispatchEvent(new MessageEvent("message", { data: content, origin, source }));
}

const load = { topic: "ftrack.widget.load", data: { credentials, theme: "dark", entity: { id: "1", type: "Task" } } };

test("a widget's session has the credentials of the page around it, if that is of an allowed origin", async () => {
  const server = new FakeServer();
  const contexts: WidgetContext[] = [];
  const leave = new AbortController();
  let opened = false;
  const opening = Session.fromWidget({ allowedOrigins: [studio, `${location.origin}/`], onContext: (context) => void contexts.push(context), fetch: server.fetch, signal: leave.signal });
  void opening.then(() => (opened = true));
  const evil = { ...load, data: { ...load.data, credentials: { ...credentials, serverUrl: "https://evil.example" } } };
  say("https://evil.example", window.parent, evil);
  say("https://studio.ftrackapp.com.evil.example", window.parent, evil);
  say("null", window.parent, evil);
  say(studio, window, evil); // of the origin, but not the page around this one
  for (const content of [null, "text", {}, { topic: "ftrack.widget.load" }, { topic: "ftrack.widget.load", data: { credentials: { serverUrl: 5 } } }]) say(studio, window.parent, content);
  await Promise.resolve();
  expect(server.requests).toHaveLength(0);
  expect(opened).toBe(false);
  say(studio, window.parent, load);
  const session = await opening;
  onTestFinished(() => session.close());
  expect([session.serverUrl, session.apiUser]).toEqual([studio, "ann"]);
  expect(server.requests[0]!.headers.get("ftrack-api-key")).toBe("widget-key");
  say(studio, window.parent, { topic: "ftrack.widget.update", data: { entity: { id: "2", type: "Shot" } } });
  say("https://evil.example", window.parent, { topic: "ftrack.widget.update", data: { entity: { id: "3", type: "Shot" } } });
  expect(contexts).toEqual([
    { entity: { id: "1", type: "Task" }, theme: "dark" },
    { entity: { id: "2", type: "Shot" }, theme: "dark" },
  ]);
  leave.abort();
  say(studio, window.parent, { topic: "ftrack.widget.update", data: { entity: { id: "4", type: "Shot" } } });
  expect(contexts).toHaveLength(2);
});

test("a widget hears of changes until its session closes, and not at all when none opens", async () => {
  const server = new FakeServer();
  const contexts: WidgetContext[] = [];
  const options = { allowedOrigins: [studio, location.origin], onContext: (context: WidgetContext) => void contexts.push(context) };
  const failing = Session.fromWidget({ ...options, fetch: () => Promise.reject(new TypeError("offline")), cache: null, timeout: 0.01 });
  say(studio, window.parent, load);
  await expect(failing).rejects.toThrow();
  const plugged: string[] = [];
  const opening = Session.fromWidget({ ...options, fetch: server.fetch, plugins: [() => void plugged.push("own")] });
  say(studio, window.parent, load);
  const session = await opening;
  say(studio, window.parent, { topic: "ftrack.widget.update", data: { entity: { id: "2", type: "Shot" } } });
  expect(contexts.map(({ entity }) => entity!.id)).toEqual(["1", "1", "2"]);
  expect(plugged).toEqual(["own"]);
  await session.close();
  say(studio, window.parent, { topic: "ftrack.widget.update", data: { entity: { id: "3", type: "Shot" } } });
  expect(contexts).toHaveLength(3);
});

test("a widget warns once of a page around it that it may not listen to, without what that said, and waits on", async () => {
  const warnings: string[] = [];
  const logger = { warn: (text: string) => void warnings.push(text) };
  const server = new FakeServer();
  const opening = Session.fromWidget({ allowedOrigins: [studio, location.origin], logger, fetch: server.fetch });
  say("https://other.example", window.parent, { topic: "of something else" });
  say("https://other.example", window.parent, null);
  say("https://other.example", window, load);
  expect(warnings).toEqual([]);
  say("https://other.example", window.parent, load);
  say("https://third.example", window.parent, load);
  expect(warnings).toEqual([expect.stringContaining('is of https://other.example, which allowedOrigins does not name')]);
  expect(warnings[0]).toContain('add "https://other.example" to allowedOrigins');
  expect(warnings[0]).not.toContain("widget-key");
  say(studio, window.parent, load);
  const session = await opening;
  onTestFinished(() => session.close());
  expect(warnings).toHaveLength(1);
});

test("a widget warns of a page around it that never says anything", async () => {
  const warnings: string[] = [];
  const leave = new AbortController();
  const opening = Session.fromWidget({ allowedOrigins: [studio], logger: { warn: (text) => void warnings.push(text) }, signal: leave.signal });
  expect(warnings).toEqual([expect.stringContaining(`add "${location.ancestorOrigins[0]!}" to allowedOrigins`)]);
  leave.abort();
  await expect(opening).rejects.toThrow();
});

test("a widget names its origins, and waits until the signal ends it", async () => {
  for (const allowedOrigins of [undefined, [], ["*"], ["studio.ftrackapp.com"], [`${studio}/path`], ["null"]]) {
    await expect(Session.fromWidget({ allowedOrigins } as never)).rejects.toThrow(InvalidArgumentError);
  }
  const reason = new Error("closed");
  const leave = new AbortController();
  const opening = Session.fromWidget({ allowedOrigins: [studio], signal: leave.signal });
  leave.abort(reason);
  await expect(opening).rejects.toBe(reason);
});
