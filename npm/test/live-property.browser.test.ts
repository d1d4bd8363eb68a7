// What session/live_property_test.go has in one process, over the network: sockets, requests and the hub of a page.
import { Session } from "ftrack-wasm";
import type { SessionOptions } from "ftrack-wasm";
import { afterAll, describe, expect, inject, onTestFinished, test } from "vitest";
import { commands } from "vitest/browser";
import expressions from "../../session/testdata/live-expressions.json" with { type: "json" };
import { ask, difference } from "./support/live-rows.js";
import type { Rows } from "./support/live-rows.js";
import { randomFrom } from "./support/random.js";
import { RandomWriter } from "./support/random-writer.js";

const { sequences, bursts, everywhere } = inject("liveProperty");

/** What a server may be like that live queries could notice. */
const noticed = /^(text-case|null-order|empty-in|backslash|none-words|nested-subqueries|custom-attributes|hierarchical-unset|missing-target|left-out-child|batch-atomicity|event-.*)=/;

/** Without these a page has no event hub, so nothing to follow with. */
const deaf = ["handshake=refused", "handshake-cors=off"];

/** No session hears of changes of these where the server tells of few types only. */
const unlisted = ["Status", "Timelog", "Metadata", "ContextCustomAttributeValue"];

/** What came of all sequences. */
const total = { sequences: 0, changes: 0, comparisons: 0, requests: 0, questions: 0 };

afterAll(() => {
  console.info(`live queries: ${JSON.stringify({ queries: expressions.length, ...total })}`);
});

interface Follower {
  readonly session: Session;
  /** Resolves when everything that was written before has reached the session, and its lists show it. */
  readonly quiet: () => Promise<void>;
}

async function follow(options: SessionOptions): Promise<Follower> {
  const session = await Session.open(options);
  onTestFinished(() => session.close());
  const arrived = new Map<number, () => void>();
  session.eventHub.subscribe("topic=quiet", ({ data }) => arrived.get(data.n as number)?.());
  await session.eventHub.connect();
  let n = 0;
  return {
    session,
    quiet: async () => {
      // The server sends what it has in order: what was told of writes stands before.
      const here = new Promise<void>((resolve) => arrived.set(++n, resolve));
      await session.eventHub.publish({ topic: "quiet", data: { n } });
      await here;
    },
  };
}

/** One sequence of changes by another session, compared after each quiet moment. */
async function run(serverUrl: string, seed: number, untold: readonly string[]): Promise<void> {
  const options = { serverUrl, apiUser: "demo", apiKey: "demo-key", cache: null, shareTabs: false, logger: { warn: () => undefined } } as const;
  const counted = { requests: 0, questions: 0 };
  const counting: typeof fetch = (url, init) => {
    if (init?.body) {
      counted.requests++;
      counted.questions += new TextDecoder().decode(init.body as Uint8Array<ArrayBuffer>).split('"action":"query"').length - 1;
    }
    return fetch(url, init);
  };
  const [{ session, quiet }, other] = await Promise.all([follow({ ...options, fetch: counting }), Session.open(options)]);
  onTestFinished(() => other.close());
  const writer = new RandomWriter(other, randomFrom(seed), untold);
  const lists = expressions.map((expression) => session.live(expression));
  await Promise.allSettled(lists.map((list) => list.settled()));
  counted.requests = counted.questions = 0;
  for (let burst = 0; burst <= bursts; burst++) {
    if (burst) await writer.burst();
    await quiet();
    const shown = await Promise.all(lists.map((list) => list.settled().then((): Rows => list.getSnapshot(), (): Rows => "refused")));
    await other.reset();
    const expected = await Promise.all(expressions.map((expression) => ask(other, expression)));
    const differences = expressions.flatMap((expression, i) => difference(expression, expected[i]!, shown[i]!));
    expect(differences, `seed ${seed}, burst ${burst}\n${writer.story.join("\n")}`).toEqual([]);
    total.comparisons += expressions.length;
  }
  total.sequences++;
  total.changes += writer.changes;
  total.requests += counted.requests;
  total.questions += counted.questions;
}

describe("live queries equal fresh ones after each quiet moment while another session writes", () => {
  const assumed = inject("assumptions").filter((assumption) => !deaf.includes(assumption) && (everywhere || noticed.test(assumption)));
  test.each(["", ...assumed])("assuming %j", { timeout: 20_000 * sequences }, async (assumption) => {
    for (let n = 0; n < sequences; n++) {
      const address = await commands.startSandbox(["-tasks", "40", ...(assumption ? ["-assume", assumption] : [])]);
      onTestFinished(() => commands.stopSandbox(address));
      await run(address, [...assumption].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), n), assumption === "event-types=listed" ? unlisted : []);
    }
  });
});
