import type { Browser, CDPSession } from "playwright";

interface Reply {
  id?: number;
  method?: string;
  result?: unknown;
  error?: { message: string };
}

/**
 * A tab as people have it: Playwright's own are emulated to have the focus, so they are never hidden, and what is not hidden is not frozen.
 */
export class PlainTab {
  readonly #devtools: CDPSession;
  readonly #session: string;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  readonly #expected = new Map<string, () => void>();
  #last = 0;

  private constructor(devtools: CDPSession, session: string, readonly id: string) {
    this.#devtools = devtools;
    this.#session = session;
  }

  /** Opens one in a context, as `newContext` gives them. */
  static async open(devtools: CDPSession, browserContextId: string, url: string): Promise<PlainTab> {
    const { targetId } = await devtools.send("Target.createTarget", { url: "about:blank", browserContextId });
    const { sessionId } = await devtools.send("Target.attachToTarget", { targetId });
    const tab = new PlainTab(devtools, sessionId, targetId);
    devtools.on("Target.receivedMessageFromTarget", ({ sessionId: from, message }) => {
      if (from !== sessionId) return;
      const reply = JSON.parse(message) as Reply;
      if (reply.method) tab.#expected.get(reply.method)?.();
      else tab.#waiting.get(reply.id!)?.(reply);
    });
    await tab.send("Page.enable");
    const loaded = tab.expect("Page.loadEventFired");
    await tab.send("Page.navigate", { url });
    await loaded;
    return tab;
  }

  /** Resolves at the next event of this name. */
  expect(method: string): Promise<void> {
    return new Promise((resolve) => this.#expected.set(method, resolve));
  }

  async send(method: string, params: object = {}): Promise<unknown> {
    const id = ++this.#last;
    const answer = new Promise<Reply>((resolve) => this.#waiting.set(id, resolve));
    await this.#devtools.send("Target.sendMessageToTarget", { sessionId: this.#session, message: JSON.stringify({ id, method, params }) });
    const { result, error } = await answer;
    this.#waiting.delete(id);
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  /** Puts the tab before the others of its window. */
  async show(): Promise<void> {
    await this.#devtools.send("Target.activateTarget", { targetId: this.id });
  }

  /** Runs a function on the page, as Playwright does. */
  async evaluate<R, A = undefined>(fn: (argument: A) => R, argument?: A): Promise<Awaited<R>> {
    const expression = `(${fn.toString()})(${JSON.stringify(argument)})`;
    const { result, exceptionDetails } = (await this.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true })) as {
      result: { value: Awaited<R> };
      exceptionDetails?: { exception?: { description?: string } };
    };
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? "the page failed");
    return result.value;
  }
}

/** A context for plain tabs, and the connection to the browser that steers it. */
export async function plainContext(browser: Browser): Promise<{ open(url: string): Promise<PlainTab>; close(): Promise<void> }> {
  const devtools = await browser.newBrowserCDPSession();
  const { browserContextId } = await devtools.send("Target.createBrowserContext");
  return {
    open: (url) => PlainTab.open(devtools, browserContextId, url),
    async close() {
      await devtools.send("Target.disposeBrowserContext", { browserContextId });
      await devtools.detach();
    },
  };
}
