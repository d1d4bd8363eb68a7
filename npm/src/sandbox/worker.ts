// The sandbox's side in a worker. The build puts this file, with all that it imports, as text into dist/sandbox.js.
import type { FromWorker, ToWorker } from "./messages.js";
import { startProgram } from "./program.js";
import type { Program, SocketEnd } from "./program.js";

interface WorkerScope {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  close(): void;
}

const scope = globalThis as unknown as WorkerScope;
const requests = new Map<number, AbortController>();
const sockets = new Map<number, SocketEnd>();
let program: Program | undefined;

scope.onmessage = ({ data }) => {
  switch (data.kind) {
    case "start":
      startProgram(data.module, data.settings).then(
        (started) => {
          program = started;
          scope.postMessage({ kind: "ready" });
        },
        (error: unknown) => scope.postMessage({ kind: "failed", reason: textOf(error) }),
      );
      break;
    case "request":
      void answer(data.id, data);
      break;
    case "abort":
      requests.get(data.id)?.abort();
      break;
    case "open":
      sockets.set(
        data.id,
        program!.socket(data.sid, {
          frame: (text) => scope.postMessage({ kind: "frame", id: data.id, text }),
          ended() {
            sockets.delete(data.id);
            scope.postMessage({ kind: "ended", id: data.id });
          },
        }),
      );
      break;
    case "send":
      sockets.get(data.id)?.send(data.text);
      break;
    case "leave":
      sockets.get(data.id)?.close();
      break;
    case "close":
      program?.close();
      scope.close();
  }
};

async function answer(id: number, { request }: { request: Parameters<Program["fetch"]>[0] }): Promise<void> {
  const controller = new AbortController();
  requests.set(id, controller);
  try {
    const response = await program!.fetch(request, controller.signal);
    const { status, statusText } = response;
    scope.postMessage({ kind: "head", id, status, statusText, headers: [...response.headers], empty: response.body === null || [204, 205, 304].includes(status) });
    const reader = (response.body)?.getReader();
    if (reader) {
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        if (controller.signal.aborted) {
          await reader.cancel();
          return;
        }
        scope.postMessage({ kind: "chunk", id, bytes: next.value }, [next.value.buffer]);
      }
    }
    scope.postMessage({ kind: "end", id });
  } catch (error) {
    scope.postMessage({ kind: "end", id, reason: textOf(error) });
  } finally {
    requests.delete(id);
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
