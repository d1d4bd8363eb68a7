import { EventHubError, ParseError } from "ftrack-wasm";
import type { Event, Session, Subscription } from "ftrack-wasm";

/** How many events the log shows. */
const SHOWN = 50;

/** How the dot is described. */
const STATES = { connected: "connected to the event server", connecting: "connecting to the event server", reconnecting: "the connection was lost, trying again", disconnected: "not connected to the event server" };

interface Action {
  readonly label?: string;
  readonly actionIdentifier?: string;
}

/** The panel of events: a dot for the hub's state, a log of what a subscription brings, and the actions that plugins offer. */
export class Events {
  readonly #dot: HTMLElement;
  readonly #form: HTMLFormElement;
  readonly #expression: HTMLInputElement;
  readonly #problem: HTMLElement;
  readonly #log: HTMLOListElement;
  readonly #actions: HTMLElement;
  readonly #reply: HTMLElement;
  #session: Session | undefined;
  #subscription: Subscription | undefined;
  #watching: ReturnType<typeof setInterval> | undefined;

  constructor(dot: HTMLElement, panel: HTMLElement) {
    const part = <T extends HTMLElement>(name: string): T => panel.querySelector(`[data-part="${name}"]`) as T;
    this.#dot = dot;
    this.#form = part("subscribe");
    this.#expression = part("expression");
    this.#problem = part("problem");
    this.#log = part("log");
    this.#actions = part("actions");
    this.#reply = part("reply");
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#subscribe();
    });
    part("discover").addEventListener("click", () => void this.#discover());
  }

  /** Shows a session's events from now on; none without one. */
  attach(session: Session | undefined): void {
    clearInterval(this.#watching);
    this.#subscription?.unsubscribe();
    this.#session = session;
    this.#subscription = undefined;
    this.#log.replaceChildren();
    this.#actions.replaceChildren();
    this.#reply.textContent = "";
    this.#show();
    if (!session) return;
    session.eventHub.subscribe("topic=ftrack.meta.*", () => this.#show());
    this.#watching = setInterval(() => this.#show(), 1000); // the first connection has no event when it is only being tried
    this.#subscribe();
  }

  #show(): void {
    const state = this.#session?.eventHub.state ?? "disconnected";
    this.#dot.dataset.state = state;
    this.#dot.title = STATES[state];
    this.#dot.setAttribute("aria-label", STATES[state]);
  }

  #subscribe(): void {
    if (!this.#session) return;
    try {
      const next = this.#session.eventHub.subscription(this.#expression.value, (event) => this.#add(event));
      this.#subscription?.unsubscribe();
      this.#subscription = next;
      this.#fail("");
    } catch (error) {
      this.#fail(error instanceof ParseError ? error.message : String(error));
    }
  }

  #add(event: Event): void {
    const row = document.createElement("li");
    const [time, topic, data] = [document.createElement("time"), document.createElement("strong"), document.createElement("code")];
    time.textContent = new Date().toLocaleTimeString();
    topic.textContent = event.topic;
    data.textContent = JSON.stringify(event.data).slice(0, 300);
    row.append(time, topic, data);
    this.#log.prepend(row);
    while (this.#log.children.length > SHOWN) this.#log.lastElementChild!.remove();
  }

  /** Asks everybody for actions, and shows those of the first who answers. */
  async #discover(): Promise<void> {
    const hub = this.#session?.eventHub;
    if (!hub) return;
    this.#actions.replaceChildren();
    this.#reply.textContent = "";
    try {
      const reply = await hub.publishAndWaitForReply({ topic: "ftrack.action.discover", data: { selection: [] } }, { timeout: 5 });
      const { items = [] } = reply.data as { items?: Action[] };
      this.#fail("");
      for (const item of items) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "quiet small";
        button.textContent = item.label ?? item.actionIdentifier ?? "";
        button.addEventListener("click", () => void this.#launch(item));
        this.#actions.append(button);
      }
    } catch (error) {
      this.#fail(error instanceof EventHubError ? error.message : String(error));
    }
  }

  async #launch({ actionIdentifier }: Action): Promise<void> {
    try {
      const reply = await this.#session!.eventHub.publishAndWaitForReply({ topic: "ftrack.action.launch", data: { actionIdentifier, selection: [] } }, { timeout: 10 });
      this.#reply.textContent = String((reply.data as { message?: unknown }).message ?? "done");
    } catch (error) {
      this.#fail(error instanceof EventHubError ? error.message : String(error));
    }
  }

  #fail(text: string): void {
    this.#problem.textContent = text;
    this.#problem.hidden = text === "";
  }
}
