import { Event as PeerEvent, Session as PeerSession } from "@ftrack/api";
import { Session } from "ftrack-wasm";
import type { Event } from "ftrack-wasm";
import { expect, inject, onTestFinished, test, vi } from "vitest";

// The peer knows no tokens, and takes its fetch and its sockets from the page: it needs a server on the network.
test("@ftrack/api and this hub exchange events and replies through the server, in both directions", async () => {
  const serverUrl = inject("eventSandbox");
  const { eventHub: hub } = await opened(serverUrl);
  const peer = new PeerSession(serverUrl, "demo", "demo-key", { autoConnectEventHub: true });
  onTestFinished(() => peer.eventHub.disconnect());
  await peer.initializing;
  await vi.waitFor(() => expect(peer.eventHub.isConnected()).toBe(true), { timeout: 10_000 });

  const seenHere: Event[] = [];
  hub.subscribe("topic=from.peer and data.n>1", (event) => {
    seenHere.push(event);
    return { n: (event.data.n as number) + 1 };
  });
  await hub.connect();
  const reply = await peer.eventHub.publishAndWaitForReply(new PeerEvent("from.peer", { n: 2 }), { timeout: 10 });
  expect((reply as { data: unknown }).data).toEqual({ n: 3 });
  await peer.eventHub.publish(new PeerEvent("from.peer", { n: 1 }));
  await peer.eventHub.publish(new PeerEvent("from.peer", { n: 5 }));
  await vi.waitFor(() => expect(seenHere.map(({ data }) => data.n)).toEqual([2, 5]));
  expect(seenHere[0]!.source).toMatchObject({ applicationId: "ftrack.api.javascript", user: { username: "demo" } });

  const seenThere: unknown[] = [];
  peer.eventHub.subscribe("topic=from.*", (event: { topic: string; data: unknown }) => {
    if (event.topic !== "from.us") return undefined;
    seenThere.push(event.data);
    return { text: "answered" };
  });
  // The peer announces without asking for an acknowledgement: its own reply tells when the server knows.
  await vi.waitFor(async () => expect((await hub.publishAndWaitForReply({ topic: "from.us", data: { x: "ä:b" } }, { timeout: 1 })).data).toEqual({ text: "answered" }), { timeout: 10_000 });
  expect(seenThere.at(-1)).toEqual({ x: "ä:b" });
});

async function opened(serverUrl: string): Promise<Session> {
  const session = await Session.open({ serverUrl, apiUser: "demo", apiKey: "demo-key" });
  onTestFinished(() => session.close());
  await session.eventHub.connect();
  return session;
}
