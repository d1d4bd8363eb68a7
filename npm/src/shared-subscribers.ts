/** A frame with an event of the protocol itself that a tab sent: it announces a subscriber, or takes it back. */
export interface Announcement {
  readonly topic: "ftrack.meta.subscribe" | "ftrack.meta.unsubscribe";
  /** The subscriber's. */
  readonly id: string;
  /** What it wants; "" where it takes itself back. */
  readonly subscription: string;
}

interface Announced {
  /** What each tab wants, by the tab. */
  readonly wanted: Map<string, string>;
  /** What the server has acknowledged. */
  known?: string;
  /** Whether the server has refused it, as one that has not noticed yet that the connection before is gone does. */
  refused?: boolean;
}

/**
 * The subscribers of the tabs that share a socket. An id is a tab's own, but programs may choose it, and then two tabs of a program have the
 * same: the server knows it once, with what both want, until the last of them takes it back. Hubs try a subscriber that is refused again, after
 * they have taken it back.
 */
export class SharedSubscribers {
  readonly #all = new Map<string, Announced>();

  /**
   * Takes what a tab announces. Gives the subscription that the server is to be told, none where it knows that already, and whether it is to
   * forget the subscriber first.
   */
  announce(from: string, { id, subscription }: Announcement): { tell: string | undefined; anew: boolean } {
    let announced = this.#all.get(id);
    if (!announced) this.#all.set(id, (announced = { wanted: new Map() }));
    announced.wanted.set(from, subscription);
    const tell = together(announced.wanted);
    if (announced.known === tell) return { tell: undefined, anew: false };
    const anew = announced.known !== undefined;
    delete announced.known;
    return { tell, anew };
  }

  /** The server has acknowledged a subscription that it was told, or refused it. */
  settled(id: string, subscription: string, success: boolean): void {
    const announced = this.#all.get(id);
    if (!announced) return;
    if (success) announced.known = subscription;
    else if (announced.known === undefined) announced.refused = true; // else it is a second one of an id that the server has
  }

  /** A tab takes a subscriber back. Tells whether the server is to forget it. */
  takeBack(from: string, id: string): boolean {
    const announced = this.#all.get(id);
    if (!announced) return true;
    const { wanted, refused = false } = announced;
    wanted.delete(from);
    announced.refused = false;
    if (!wanted.size) this.#all.delete(id);
    return !wanted.size || refused;
  }

  /** A tab takes all of its subscribers back. Gives those that the server is to forget. */
  leave(from: string): string[] {
    const last: string[] = [];
    for (const [id, { wanted }] of [...this.#all]) {
      if (!wanted.delete(from) || wanted.size) continue;
      this.#all.delete(id);
      last.push(id);
    }
    return last;
  }

  clear(): void {
    this.#all.clear();
  }
}

/** One subscription that lets through what each of these wants. */
function together(wanted: ReadonlyMap<string, string>): string {
  const [first = "", ...others] = new Set(wanted.values());
  return others.length ? [first, ...others].sort().map((each) => `(${each})`).join(" or ") : first;
}

/** What an event's frame announces, if anything: the part of it behind its id. */
export function announcementOf(frame: string): Announcement | undefined {
  if (!frame.includes('"ftrack.meta.')) return undefined;
  try {
    const { args } = JSON.parse(frame.slice(frame.indexOf("{"))) as { args?: { topic?: unknown; data?: { subscriber?: { id?: unknown }; subscription?: unknown } }[] };
    const { topic, data } = args?.[0] ?? {};
    const id = data?.subscriber?.id;
    if ((topic !== "ftrack.meta.subscribe" && topic !== "ftrack.meta.unsubscribe") || typeof id !== "string" || !id) return undefined;
    return { topic, id, subscription: typeof data?.subscription === "string" ? data.subscription : "" };
  } catch {
    return undefined; // no event: the server will say so
  }
}

/** The frame of an announcement with another subscription. */
export function announcing(frame: string, subscription: string): string {
  const start = frame.indexOf("{");
  const event = JSON.parse(frame.slice(start)) as { args: { data: { subscription: string } }[] };
  event.args[0]!.data.subscription = subscription;
  return frame.slice(0, start) + JSON.stringify(event);
}

/** The frame that has the server forget a subscriber. */
export function forgetting(id: string): string {
  const event = { id: `${id}-end`, topic: "ftrack.meta.unsubscribe", data: { subscriber: { id } }, sent: null, source: null, target: "", inReplyToEvent: null };
  return `5:::${JSON.stringify({ name: "ftrack.event", args: [event] })}`;
}
