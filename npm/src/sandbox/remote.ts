import { closedError, endedSocket } from "./closed.js";
import type { FromWorker, ToWorker } from "./messages.js";
import type { Program, Settings, SocketListener } from "./program.js";

interface PendingRequest {
  head(response: Response): void;
  fail(reason: unknown): void;
  stream?: ReadableStreamDefaultController<Uint8Array>;
}

/** Starts the sandbox in a worker whose script is a text. */
export async function startRemote(script: string, module: WebAssembly.Module, settings: Settings): Promise<Program> {
  const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const worker = new Worker(address, { type: "module", name: "ftrack sandbox" });
  const requests = new Map<number, PendingRequest>();
  const sockets = new Map<number, SocketListener>();
  let last = 0;
  let closed = false;
  const tell = (message: ToWorker, transfer: Transferable[] = []): void => worker.postMessage(message, transfer);

  await new Promise<void>((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(event.message || "the worker of the sandbox did not start; does the page's Content-Security-Policy allow blob: in worker-src?"));
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => (data.kind === "failed" ? reject(new Error(data.reason)) : resolve());
    tell({ kind: "start", module, settings });
  }).finally(() => URL.revokeObjectURL(address)).catch((error: unknown) => {
    worker.terminate();
    throw error;
  });

  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    switch (data.kind) {
      case "frame":
        sockets.get(data.id)?.frame(data.text);
        return;
      case "ended": {
        const socket = sockets.get(data.id);
        sockets.delete(data.id);
        socket?.ended();
        return;
      }
      case "head":
        requests.get(data.id)?.head(responseOf(data, requests, () => tell({ kind: "abort", id: data.id })));
        return;
      case "chunk":
        requests.get(data.id)?.stream?.enqueue(data.bytes);
        return;
      case "end": {
        const request = requests.get(data.id);
        requests.delete(data.id);
        if (data.reason === undefined) request?.stream?.close();
        else request?.fail(new TypeError(`the sandbox failed: ${data.reason}`));
      }
    }
  };
  worker.onerror = (event) => {
    for (const request of requests.values()) request.fail(new TypeError(`the sandbox broke: ${event.message}`));
    requests.clear();
  };

  return {
    fetch: (request, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        if (closed) throw closedError();
        const id = ++last;
        const abort = (): void => {
          if (!requests.has(id)) return;
          tell({ kind: "abort", id });
          pending.fail(signal?.reason);
          requests.delete(id);
        };
        const pending: PendingRequest = {
          head: resolve,
          fail(reason) {
            signal?.removeEventListener("abort", abort);
            reject(reason);
            this.stream?.error(reason);
          },
        };
        requests.set(id, pending);
        signal?.addEventListener("abort", abort, { once: true });
        tell({ kind: "request", id, request });
      }),
    socket(sid, listener) {
      if (closed) return endedSocket(listener);
      const id = ++last;
      sockets.set(id, listener);
      tell({ kind: "open", id, sid });
      return { send: (text) => tell({ kind: "send", id, text }), close: () => tell({ kind: "leave", id }) };
    },
    close() {
      closed = true;
      tell({ kind: "close" });
      for (const request of requests.values()) request.fail(closedError());
      requests.clear();
      for (const socket of sockets.values()) socket.ended();
      sockets.clear();
    },
  };
}

function responseOf(head: Extract<FromWorker, { kind: "head" }>, requests: Map<number, PendingRequest>, cancel: () => void): Response {
  const { id, status, statusText, headers, empty } = head;
  if (empty) return new Response(null, { status, statusText, headers });
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      requests.get(id)!.stream = controller;
    },
    cancel() {
      requests.delete(id);
      cancel();
    },
  });
  return new Response(body, { status, statusText, headers });
}
