import { Session } from "ftrack-wasm";
import { expect, inject, onTestFinished, test, vi } from "vitest";
import { commands } from "vitest/browser";
import expressions from "../../session/testdata/live-expressions.json" with { type: "json" };
import { ask, difference } from "./support/live-rows.js";
import type { Rows } from "./support/live-rows.js";
import { randomFrom } from "./support/random.js";
import { RandomWriter } from "./support/random-writer.js";

const losses = inject("chaosLosses");
const credentials = { apiKey: "demo-key", apiUser: "demo" };

/** What happens to frames all the time. */
const disorder = { delay: "1ms", jitter: "8ms", reorder: 0.3, duplicate: 0.3, seed: losses };

/** How many losses stand between two comparisons. */
const between = 20;

test(`sessions agree with the server after ${losses} lost connections, and frames that were late, out of order or doubled`, { timeout: 30_000 + losses * 1000 }, async () => {
  const serverUrl = await commands.startSandbox(["-tasks", "40"]);
  onTestFinished(() => commands.stopSandbox(serverUrl));
  const steer = async (method: string, path: string, body: object): Promise<unknown> => {
    const response = await fetch(`${serverUrl}/sandbox/events${path}`, { method, headers: { "ftrack-user": "demo", "ftrack-api-key": "demo-key" }, body: JSON.stringify(body) });
    expect(response.ok).toBe(true);
    return response.json();
  };
  const open = async (): Promise<Session> => {
    const session = await Session.open({ serverUrl, ...credentials, cache: null, shareTabs: false, logger: { warn: () => undefined } });
    onTestFinished(() => session.close());
    return session;
  };
  const [one, two, other] = await Promise.all([open(), open(), open()]);
  let heard = 0;
  let resyncs = 0;
  for (const { eventHub: hub } of [one, two]) {
    hub.subscribe("topic=ftrack.update", () => {
      heard++;
    });
    hub.subscribe("topic=ftrack.session.resynced", () => {
      resyncs++;
    });
    // The network is back as soon as it was lost.
    hub.subscribe("topic=ftrack.meta.disconnected", () => void dispatchEvent(new CustomEvent("online")));
    await hub.connect();
  }
  const lists = [one, two].map((session) => expressions.map((expression) => session.live(expression)));
  const agree = async (story: readonly string[]): Promise<void> => {
    await steer("PUT", "", {});
    await Promise.all([one, two].map(({ eventHub: hub }) => hub.connect()));
    await other.reset();
    const expected = await Promise.all(expressions.map((expression) => ask(other, expression)));
    for (const followed of lists) {
      await vi.waitFor(async () => {
        const shown = await Promise.all(followed.map((list) => list.settled().then((): Rows => list.getSnapshot(), (): Rows => "refused")));
        expect(expressions.flatMap((expression, i) => difference(expression, expected[i]!, shown[i]!)), story.join("\n")).toEqual([]);
      }, { timeout: 10_000 });
    }
    await steer("PUT", "", disorder);
  };
  const random = randomFrom(losses);
  const writer = new RandomWriter(other, random);
  await agree([]);
  let cut = 0;
  for (let loss = 1; loss <= losses; loss++) {
    await Promise.all([one, two].map(({ eventHub: hub }) => hub.connect()));
    await writer.burst();
    const writing = writer.burst();
    if (random() < 0.5) await writing;
    cut += ((await steer("POST", "/cut", random() < 0.3 ? { limit: 1 } : {})) as { cut: number }).cut;
    await writing;
    if (loss % between === 0 || loss === losses) await agree(writer.story);
  }
  console.info(`events in disorder: ${JSON.stringify({ losses, cut, changes: writer.changes, heard, resyncs })}`);
  expect(cut).toBeGreaterThanOrEqual(losses / 2);
  expect(resyncs).toBeGreaterThan(0);
  expect(heard).toBeGreaterThan(losses / 2);
});
