/** What a socket tells of itself. After `closed` nothing follows. */
export interface SocketListener {
  opened(): void;
  message(text: string): void;
  /** A message that is no text. */
  binary(): void;
  closed(reason: string): void;
}

/** An open socket, or one that opens. After `close` its listener hears nothing more. */
export interface Socket {
  send(text: string): void;
  close(): void;
}

/** Ways to an event server: its handshake, and its sockets. */
export interface Sockets {
  shake(url: string, headers: [string, string][], signal: AbortSignal): Promise<{ status: number; body: string }>;
  open(url: string, listener: SocketListener): Socket;
  /** The hub wants no connection any more, until it asks for a handshake again. */
  rest?(): void;
  /** Lets go of what it shares with other tabs, for good. */
  leave?(): void;
}

/** Sockets of this page alone. */
export class DirectSockets implements Sockets {
  readonly #fetch: typeof fetch;
  readonly #WebSocket: typeof WebSocket;
  readonly #credentials: RequestCredentials;

  constructor(send: typeof fetch, Constructor: typeof WebSocket, credentials: RequestCredentials) {
    this.#fetch = send;
    this.#WebSocket = Constructor;
    this.#credentials = credentials;
  }

  async shake(url: string, headers: [string, string][], signal: AbortSignal): Promise<{ status: number; body: string }> {
    const fetch = this.#fetch;
    const response = await fetch(url, { headers, credentials: this.#credentials, cache: "no-store", redirect: "manual", signal });
    return { status: response.status, body: (await response.text()).slice(0, LONGEST_HANDSHAKE) };
  }

  open(url: string, listener: SocketListener): Socket {
    const socket = new this.#WebSocket(url);
    let open = true;
    let failure = "";
    socket.onopen = () => listener.opened();
    socket.onmessage = ({ data }: MessageEvent<unknown>) => (typeof data === "string" ? listener.message(data) : listener.binary());
    socket.onclose = ({ code, reason }) => end(`the socket closed with code ${code}${reason || failure ? `: ${reason || failure}` : ""}`);
    // Stays for good: classes for Node, such as that of ws, end the process where an error is heard by nobody, and `close` can bring one.
    socket.onerror = (event) => {
      const { message } = event as { message?: unknown }; // browsers tell nothing
      if (typeof message === "string") failure = message;
    };
    const end = (reason: string): void => {
      if (!open) return;
      open = false;
      socket.onopen = socket.onmessage = socket.onclose = null;
      listener.closed(reason);
    };
    return {
      send(text) {
        if (socket.readyState === 1) socket.send(text);
      },
      close() {
        open = false;
        socket.onopen = socket.onmessage = socket.onclose = null;
        socket.close(1000);
      },
    };
  }
}

/** No more of an answer is of use; a proxy's page is longer. */
const LONGEST_HANDSHAKE = 4096;
