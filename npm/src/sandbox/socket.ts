import type { Program, SocketEnd } from "./program.js";

/** A class in the place of the page's WebSocket: it connects to the sandbox's event server. */
export function socketClass(program: Program, serverUrl: string): typeof WebSocket {
  const path = `${serverUrl.replace(/^http/, "ws")}/socket.io/1/websocket/`;

  class SandboxSocket extends EventTarget {
    static readonly CONNECTING = 0;
    static readonly OPEN = 1;
    static readonly CLOSING = 2;
    static readonly CLOSED = 3;
    readonly CONNECTING = 0;
    readonly OPEN = 1;
    readonly CLOSING = 2;
    readonly CLOSED = 3;
    readonly url: string;
    readonly protocol = "";
    readonly extensions = "";
    readonly bufferedAmount = 0;
    binaryType: BinaryType = "blob";
    readyState = 0;
    onopen: ((event: Event) => unknown) | null = null;
    onmessage: ((event: MessageEvent) => unknown) | null = null;
    onerror: ((event: Event) => unknown) | null = null;
    onclose: ((event: CloseEvent) => unknown) | null = null;
    #end: SocketEnd | undefined;
    #code = 1005;
    #reason = "";

    constructor(address: string | URL) {
      super();
      this.url = String(address);
      for (const type of ["open", "message", "error", "close"] as const) {
        this.addEventListener(type, (event) => (this[`on${type}`] as ((event: Event) => unknown) | null)?.(event));
      }
      queueMicrotask(() => this.#connect());
    }

    #connect(): void {
      if (this.readyState !== 0) return this.#ended(1006);
      const [address, query] = this.url.split("?");
      if (!address!.startsWith(path) || query) {
        this.dispatchEvent(new Event("error"));
        return this.#ended(1006);
      }
      this.#end = program.socket(decodeURIComponent(address!.slice(path.length)), {
        frame: (data) => {
          if (this.readyState === 1) this.dispatchEvent(new MessageEvent("message", { data }));
        },
        ended: () => this.#ended(this.readyState === 2 ? this.#code : 1006),
      });
      this.readyState = 1;
      this.dispatchEvent(new Event("open"));
    }

    send(data: string): void {
      if (this.readyState === 0) throw new DOMException("The socket is not open yet.", "InvalidStateError");
      if (this.readyState === 1) this.#end?.send(String(data));
    }

    close(code = 1005, reason = ""): void {
      if (code !== 1005 && code !== 1000 && !(code >= 3000 && code <= 4999)) throw new DOMException("The code must be 1000, or 3000 to 4999.", "InvalidAccessError");
      if (this.readyState >= 2) return;
      const connecting = this.readyState === 0;
      this.readyState = 2;
      this.#code = code;
      this.#reason = reason;
      if (!connecting) this.#end?.close();
    }

    #ended(code: number): void {
      if (this.readyState === 3) return;
      this.readyState = 3;
      this.dispatchEvent(closeEvent(code, this.#reason));
    }
  }
  return SandboxSocket as unknown as typeof WebSocket;
}

/** Node 20 has no CloseEvent. */
function closeEvent(code: number, reason: string): Event {
  const said = { code, reason, wasClean: code !== 1006 };
  return typeof CloseEvent === "function" ? new CloseEvent("close", said) : Object.assign(new Event("close"), said);
}
