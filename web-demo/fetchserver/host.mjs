// The JavaScript half of fetchserver: it starts a module that serves requests, one instance for all of them.

/**
 * Starts the module.
 * @param {(globalThis: object) => new () => any} wasmExec wasm_exec.js of the Go that built it, wrapped
 * @param {WebAssembly.Module} module
 * @param {Record<string, string>} env the module's environment
 * @param {Record<string, unknown>} [extra] what its program needs besides of the host
 * @param {import("./host.mjs").Hooks} [hooks]
 */
export async function startServer(wasmExec, module, env, extra = {}, hooks = {}) {
  const binding = {};
  const host = Object.assign(platform(), extra);
  const globals = {
    Object, Array, Uint8Array, Uint8ClampedArray, Promise, Error, Request, Response, Headers, ReadableStream, Date, TextEncoder, TextDecoder, crypto, performance,
    FixedLengthStream: undefined, // answers of a known length are the host's matter
    setTimeout: (...args) => setTimeout(...args),
    clearTimeout: (id) => clearTimeout(id),
    console,
    context: { binding },
    host,
  };
  const go = new (wasmExec(globals))();
  go.env = env;
  let dead;
  go.exit = (code) => (dead ??= new Error(`the server's program ended with code ${code}`));
  const { gojs } = go.importObject;
  if (hooks.random) {
    gojs["runtime.getRandomData"] = (sp) => {
      const at = go.mem.getUint32((sp >>> 0) + 8, true);
      hooks.random(new Uint8Array(instance.exports.mem.buffer, at, go.mem.getUint32((sp >>> 0) + 16, true)));
    };
  }
  if (hooks.now) {
    gojs["runtime.walltime"] = (sp) => {
      const now = hooks.now();
      go.mem.setBigInt64((sp >>> 0) + 8, BigInt(Math.floor(now / 1000)), true);
      go.mem.setInt32((sp >>> 0) + 16, (now % 1000) * 1_000_000, true);
    };
  }
  let ready;
  const started = new Promise((resolve) => (ready = resolve));
  const instance = await WebAssembly.instantiate(module, { ...go.importObject, workers: { ready: () => ready() } });
  const ended = go.run(instance).then(() => {
    throw dead ?? new Error("the server's program ended");
  });
  await Promise.race([started, ended]);
  ended.catch((error) => (dead ??= error));

  const waiting = new Set();
  let last = 0;
  return {
    host,
    get dead() {
      return dead;
    },
    /**
     * Answers a request.
     * @param {Request} request
     */
    async handle(request) {
      if (dead) throw dead;
      const id = String(++last);
      const headers = new Headers(request.headers);
      headers.set("x-fetchserver-id", id);
      const gone = () => host.gone(id);
      request.signal?.addEventListener("abort", gone, { once: true });
      const answer = binding.handleRequest({ url: request.url, method: request.method, headers, body: request.body });
      return new Promise((resolve, reject) => {
        waiting.add(reject);
        answer.then(resolve, reject).finally(() => waiting.delete(reject));
      });
    },
    /**
     * Ends it: nothing of the program runs any more, none of its timers holds a process, and what is not answered yet is rejected.
     * @param {Error} reason
     */
    end(reason) {
      dead ??= reason;
      go._resume = () => undefined;
      for (const timer of go._scheduledTimeouts.values()) clearTimeout(timer);
      go._scheduledTimeouts.clear();
      for (const reject of waiting) reject(reason);
      host.breakOff(reason);
    },
    /** Numbers that requests must leave as they were. */
    statistics() {
      return {
        ...host.statistics(),
        funcs: go._values.filter((value) => typeof value === "function").length,
        values: go._values.length - go._idPool.length,
        memory: instance.exports.mem.buffer.byteLength,
      };
    },
  };
}

/** What the module asks of the platform. */
function platform() {
  const writers = new Set(); // of answers that have not ended
  const host = {
    wait(promise, id) {
      promise.then(
        (value) => host.settled(id, value, null),
        (error) => host.settled(id, null, String(error?.message ?? error)),
      );
    },
    bytes: (length) => new Uint8Array(length),
    /** A stream for an answer; of a known length where the platform can tell it. */
    stream(length, head) {
      const fixed = globalThis.FixedLengthStream;
      const { readable, writable } = length >= 0 && fixed && !head ? new fixed(length) : new (globalThis.IdentityTransformStream ?? TransformStream)();
      if (head) {
        writable.close().catch(() => undefined);
        return { readable: null };
      }
      const writer = writable.getWriter();
      writers.add(writer);
      writer.closed.catch(() => undefined).finally(() => writers.delete(writer));
      return { readable, writer };
    },
    write: (writer, bytes) => writer.write(bytes),
    close: (writer) => void writer.close().catch(() => undefined),
    abort: (writer) => void writer.abort(new Error("the answer broke off")).catch(() => undefined),
    breakOff(reason) {
      for (const writer of writers) writer.abort(reason).catch(() => undefined);
    },
    reader: (stream) => stream.getReader(),
    read: (reader) => reader.read().then(({ done, value }) => (done ? null : value)),
    cancel: (stream) => void stream.cancel().catch(() => undefined),
    request(method, url, headers, body, length, timeout) {
      const controller = new AbortController();
      let sink;
      if (body === undefined) {
        const { readable, writable } = length > 0 && globalThis.FixedLengthStream ? new FixedLengthStream(length) : new TransformStream();
        body = readable;
        sink = writable.getWriter();
        sink.closed.catch(() => undefined);
      }
      const timer = timeout > 0 ? setTimeout(() => controller.abort(new Error("timeout")), timeout) : undefined;
      const answer = fetch(url, { method, headers: JSON.parse(headers), body, redirect: "manual", signal: controller.signal, ...(body && !(body instanceof Uint8Array) && { duplex: "half" }) })
        .catch((error) => {
          throw controller.signal.aborted ? controller.signal.reason : error;
        })
        .then((response) => ({ status: response.status, headers: JSON.stringify([...response.headers]), body: response.body }))
        .finally(() => clearTimeout(timer));
      return { answer, sink, abort: () => controller.abort(new Error("aborted")) };
    },
  };
  return host;
}
