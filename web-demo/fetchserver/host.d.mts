/** A running server. */
export interface Server {
  /** What both sides share: the platform's functions, and those that the program keeps there. */
  readonly host: Record<string, (...args: never[]) => unknown>;
  /** Why the program ended; undefined while it runs. */
  readonly dead: Error | undefined;
  handle(request: { url: string; method: string; headers: Headers; body: ReadableStream<Uint8Array> | null; signal?: AbortSignal | undefined }): Promise<Response>;
  /** Ends it: nothing of the program runs any more, and what is not answered yet is rejected with the reason. */
  end(reason: Error): void;
  statistics(): Record<string, number>;
}

/** What the program takes for the time and for chance; the platform's by default. */
export interface Hooks {
  /** Milliseconds since 1970. */
  now?(): number;
  random?(bytes: Uint8Array): void;
}

export function startServer(
  wasmExec: (globals: object) => new () => object,
  module: WebAssembly.Module,
  env: Record<string, string>,
  extra?: Record<string, unknown>,
  hooks?: Hooks,
): Promise<Server>;
