import { Session } from "ftrack-wasm";
import type { DefaultEntities } from "ftrack-wasm";
import { expect, inject, onTestFinished, test, vi } from "vitest";
import { testServer } from "./support/server.js";

const losses = inject("chaosLosses");

/** Numbers that look random and are the same in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Sent {
  readonly n: number;
  readonly from: number;
  to: number;
  acknowledged: boolean;
}

/** One of two that publish, subscribe and edit while connections are lost. */
class Player {
  readonly sent: Sent[] = [];
  readonly seen: number[] = [];
  /** When it may have missed something. */
  readonly gaps: { from: number; to: number }[] = [];
  tasks: DefaultEntities["Task"][] = [];
  resyncs = 0;
  readonly alive = new Map<string, number>();

  constructor(readonly session: Session, readonly name: string, readonly other: string) {
    const { eventHub: hub } = session;
    hub.subscribe(`topic=chaos.${other} and data.n>=0`, ({ data }) => void this.seen.push(data.n as number));
    hub.subscribe("topic=ftrack.session.resynced", () => {
      this.resyncs++;
    });
    // The network is back as soon as it was lost: nobody waits a second for each of the losses.
    hub.subscribe("topic=ftrack.meta.disconnected", () => {
      dispatchEvent(new CustomEvent("online"));
    });
    for (let n = 0; n < 5; n++) hub.subscribe(`topic=alive.${n}`, ({ topic }) => void this.alive.set(topic, (this.alive.get(topic) ?? 0) + 1));
  }

  /** Whether something that is published now is acknowledged. */
  async reaches(): Promise<boolean> {
    await this.publish();
    return this.sent.at(-1)!.acknowledged;
  }

  publish(): Promise<void> {
    const sent: Sent = { n: this.sent.length, from: performance.now(), to: Infinity, acknowledged: false };
    this.sent.push(sent);
    return this.session.eventHub.publish({ topic: `chaos.${this.name}`, data: { n: sent.n } }).then(
      () => void (sent.acknowledged = true),
      () => undefined, // lost on the way: whether it arrived is not known
    ).finally(() => (sent.to = performance.now()));
  }
}

test(`two sessions lose their connections ${losses} times and agree at the end`, { timeout: 20_000 + losses * 1000 }, async () => {
  const random = randomFrom(losses);
  const server = await testServer("events");
  onTestFinished(() => server.close()); // after all that is open on it
  const open = async (): Promise<Session> => {
    const session = await Session.open({ ...server.options, shareTabs: false, logger: { warn: () => undefined } });
    onTestFinished(() => session.close());
    return session;
  };
  const players = [new Player(await open(), "a", "b"), new Player(await open(), "b", "a")] as const;
  const [a, b] = players;
  const project = a.session.create("Project", { name: `chaos ${Math.random()}`, full_name: "Chaos" });
  for (let n = 0; n < 20; n++) a.session.create("Task", { name: `task ${n}`, parent: project });
  await a.session.commit();
  onTestFinished(async () => {
    const cleaner = await open();
    cleaner.delete((await cleaner.get("Project", project.id!))!);
    await cleaner.commit();
  });
  for (const player of players) {
    player.tasks = await player.session.query<"Task">(`select name from Task where project_id is "${project.id!}" order by id`).all();
    expect(player.tasks).toHaveLength(20);
    for (const task of player.tasks) task.subscribe(() => undefined);
  }
  await Promise.all(players.map(({ session }) => session.eventHub.connect()));

  const everything: Promise<void>[] = [];
  for (let loss = 0; loss < losses; loss++) {
    for (const player of players) for (let n = 0; n < 3; n++) everything.push(player.publish());
    const editor = random() < 0.5 ? a : b;
    editor.tasks[Math.floor(random() * 20)]!.name = `edit ${loss}`;
    const commit = editor.session.commit();
    if (random() < 0.5) for (let round = 0; round < 2; round++) await Promise.all(players.map((player) => player.publish()));
    // Somewhere in all of that, before or after any of it has arrived.
    if (random() < 0.5) await everything.at(-1 - Math.floor(random() * 6));
    if (random() < 0.3) await commit;
    const from = performance.now();
    await server.steer("/events/cut", "POST", random() < 0.3 ? { limit: 1 } : {});
    for (const player of players) everything.push(player.publish());
    await commit;
    for (const player of players) {
      // Until the server has acknowledged something, which it can on a new connection only, or on one that it did not cut; and until the
      // subscriptions are announced on that.
      for (let tries = 0; !(await player.reaches()); tries++) expect(tries).toBeLessThan(100);
      await player.session.eventHub.connect();
      player.gaps.push({ from, to: performance.now() });
    }
  }
  await Promise.all(everything);

  // Nothing is cut any more: every subscription is alive.
  for (const { session } of players) for (let n = 0; n < 5; n++) await session.eventHub.publish({ topic: `alive.${n}` });
  for (const { alive } of players) await vi.waitFor(() => expect([...alive.entries()].sort()).toEqual(Array.from({ length: 5 }, (_, n) => [`alive.${n}`, 2])));

  let certain = 0;
  for (const [sender, receiver] of [[a, b], [b, a]] as const) {
    const inOrder = [...receiver.seen].sort((x, y) => x - y);
    expect(receiver.seen, "in the order in which they were published, queued ones too").toEqual(inOrder);
    expect(new Set(receiver.seen).size, "once each").toBe(receiver.seen.length);
    for (const { n, from, to, acknowledged } of sender.sent) {
      // The server keeps nothing for those who are away. What it took has reached the other when that one has heard of something later on the
      // same connection.
      const later = receiver.sent.some((each) => each.acknowledged && each.from >= to && !receiver.gaps.some((gap) => from <= gap.to && each.to >= gap.from));
      if (!acknowledged || !later) continue;
      certain++;
      expect(receiver.seen, `number ${n} of ${sender.name}`).toContain(n);
    }
    expect(sender.sent.filter(({ acknowledged }) => acknowledged).length).toBeGreaterThan(sender.sent.length / 3);
  }
  expect(certain).toBeGreaterThan(losses / 2);

  const fresh = await (await open()).query<"Task">(`select name from Task where project_id is "${project.id!}" order by id`).all();
  const names = fresh.map(({ name }) => name);
  expect(names.filter((name) => name!.startsWith("edit")).length).toBeGreaterThan(0);
  for (const player of players) {
    await vi.waitFor(() => expect(player.tasks.map(({ name }) => name)).toEqual(names), { timeout: 10_000 });
    expect(player.resyncs).toBeGreaterThan(0);
  }
});
