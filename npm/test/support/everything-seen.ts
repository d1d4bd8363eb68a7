/** Notes all that a page can see of its traffic, and looks for a text in it, in what the page stores, and in the memory of modules. */
export class EverythingSeen {
  readonly #texts: [place: string, bytes: Uint8Array][] = [];
  readonly #memories: WebAssembly.Memory[] = [];
  readonly #undo: (() => void)[] = [];
  readonly #work: Promise<unknown>[] = [];

  constructor() {
    this.#watchFetch();
    this.#watchTransfers();
    this.#watchSockets();
    this.#watchModules();
    this.#watchConsole();
  }

  /** Notes a text of the test's own. */
  note(place: string, text: string): void {
    this.#texts.push([place, new TextEncoder().encode(text)]);
  }

  /** The places at which a text stands, as it is or as an address or JSON writes it. */
  async find(text: string): Promise<string[]> {
    await Promise.all(this.#work);
    const forms = new Set([text, encodeURIComponent(text), encodeURIComponent(text).toLowerCase(), btoa(text), JSON.stringify(text).slice(1, -1)]);
    const needles = [...forms].flatMap((form) => [new TextEncoder().encode(form), utf16(form)]);
    const places = new Set<string>();
    const look = (place: string, bytes: Uint8Array): void => {
      if (needles.some((needle) => contains(bytes, needle))) places.add(place);
    };
    for (const [place, bytes] of this.#texts) look(place, bytes);
    for (const { buffer } of this.#memories) look("module memory", new Uint8Array(buffer));
    for (const [place, bytes] of await stored()) look(place, bytes);
    for (const { name } of performance.getEntriesByType("resource")) look("resource timing", new TextEncoder().encode(name));
    look("cookie", new TextEncoder().encode(document.cookie));
    look("document", new TextEncoder().encode(document.documentElement.outerHTML));
    return [...places].sort();
  }

  /** How much was noted, by place. */
  get sizes(): Record<string, number> {
    const sizes: Record<string, number> = { "module memory": this.#memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0) };
    for (const [place, bytes] of this.#texts) sizes[place] = (sizes[place] ?? 0) + bytes.length;
    return sizes;
  }

  /** All that was noted at a place, as one text. */
  text(place: string): string {
    return this.#texts.filter(([name]) => name === place).map(([, bytes]) => new TextDecoder().decode(bytes)).join("\n");
  }

  /** Puts the page's functions back. */
  stop(): void {
    for (const undo of this.#undo) undo();
  }

  #watchFetch(): void {
    const original = globalThis.fetch;
    globalThis.fetch = async (input, init) => {
      const request = new Request(input, init);
      this.note("request", `${request.method} ${request.url} ${JSON.stringify([...request.headers])}`);
      const body = init?.body ?? (input instanceof Request ? await input.clone().arrayBuffer() : undefined);
      if (body) this.#texts.push(["request body", new Uint8Array(await new Response(body).arrayBuffer())]);
      const response = await original(input, init);
      this.note("reply", `${response.status} ${response.url} ${JSON.stringify([...response.headers])}`);
      this.#work.push(
        response
          .clone()
          .arrayBuffer()
          .then((bytes) => this.#texts.push(["reply body", new Uint8Array(bytes)]), () => undefined),
      );
      return response;
    };
    this.#undo.push(() => (globalThis.fetch = original));
  }

  /** Uploads, which tell how far they are. */
  #watchTransfers(): void {
    const note = (place: string, text: string): void => this.note(place, text);
    const noteBody = (body: Blob | BufferSource | string): void => void this.#work.push(new Response(body as BodyInit).arrayBuffer().then((bytes) => this.#texts.push(["request body", new Uint8Array(bytes)])));
    const original = globalThis.XMLHttpRequest;
    globalThis.XMLHttpRequest = class extends original {
      override open(method: string, url: string | URL): void {
        note("request", `${method} ${String(url)}`);
        note("transfer", String(url));
        super.open(method, url, true);
        this.addEventListener("loadend", () => {
          note("reply", `${this.status} ${this.responseURL} ${this.getAllResponseHeaders()}`);
          if (this.responseType === "" || this.responseType === "text") note("reply body", this.responseText);
        });
      }
      override setRequestHeader(name: string, value: string): void {
        note("request", `${name}: ${value}`);
        super.setRequestHeader(name, value);
      }
      override send(body?: XMLHttpRequestBodyInit | null): void {
        if (body instanceof Blob || typeof body === "string" || body instanceof ArrayBuffer || ArrayBuffer.isView(body)) noteBody(body);
        super.send(body);
      }
    };
    this.#undo.push(() => (globalThis.XMLHttpRequest = original));
  }

  #watchSockets(): void {
    const note = (place: string, text: string): void => this.note(place, text);
    const original = globalThis.WebSocket;
    globalThis.WebSocket = class extends original {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        note("socket", String(url));
        this.addEventListener("message", ({ data }) => note("frame received", String(data)));
      }
      override send(data: string): void {
        note("frame sent", data);
        super.send(data);
      }
    };
    this.#undo.push(() => (globalThis.WebSocket = original));
  }

  #watchModules(): void {
    const wasm = WebAssembly as unknown as { instantiate: (module: unknown, imports: unknown) => Promise<unknown> };
    const { instantiate } = wasm;
    wasm.instantiate = async (module, imports) => {
      const made = await instantiate(module, imports);
      const { exports } = (made instanceof WebAssembly.Instance ? made : (made as WebAssembly.WebAssemblyInstantiatedSource).instance) as { exports: { mem?: WebAssembly.Memory } };
      if (exports.mem) this.#memories.push(exports.mem);
      return made;
    };
    this.#undo.push(() => (wasm.instantiate = instantiate));
  }

  #watchConsole(): void {
    const methods = console as unknown as Record<string, (...values: unknown[]) => void>;
    for (const name of ["log", "info", "warn", "error", "debug"]) {
      const original = methods[name]!;
      methods[name] = (...values) => {
        this.note("console", values.map(String).join(" "));
        original(...values);
      };
      this.#undo.push(() => (methods[name] = original));
    }
  }
}

/** What this origin stores, as bytes. */
async function stored(): Promise<[string, Uint8Array][]> {
  const found: [string, Uint8Array][] = [];
  const text = (place: string, value: string): void => void found.push([place, new TextEncoder().encode(value)]);
  text("localStorage", JSON.stringify({ ...localStorage }));
  text("sessionStorage", JSON.stringify({ ...sessionStorage }));
  for (const { name } of await indexedDB.databases()) {
    text("IndexedDB", name!);
    const database = await requested(indexedDB.open(name!));
    for (const store of database.objectStoreNames) {
      const transaction = database.transaction(store);
      for (const key of await requested(transaction.objectStore(store).getAllKeys())) collect(key, (bytes) => found.push(["IndexedDB", bytes]));
      for (const value of await requested(transaction.objectStore(store).getAll())) collect(value, (bytes) => found.push(["IndexedDB", bytes]));
    }
    database.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      text("Cache", request.url);
      found.push(["Cache", new Uint8Array(await (await cache.match(request))!.arrayBuffer())]);
    }
  }
  return found;
}

function collect(value: unknown, take: (bytes: Uint8Array) => void): void {
  if (value instanceof ArrayBuffer) take(new Uint8Array(value));
  else if (ArrayBuffer.isView(value)) take(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  else if (typeof value === "object" && value !== null) for (const each of value instanceof Map ? [...value].flat() : Object.entries(value).flat()) collect(each, take);
  else take(new TextEncoder().encode(String(value)));
}

function requested<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function utf16(text: string): Uint8Array {
  return new Uint8Array(Uint16Array.from(text, (char) => char.charCodeAt(0)).buffer);
}

function contains(bytes: Uint8Array, needle: Uint8Array): boolean {
  for (let at = bytes.indexOf(needle[0]!); at >= 0; at = bytes.indexOf(needle[0]!, at + 1)) {
    let i = 1;
    while (i < needle.length && bytes[at + i] === needle[i]) i++;
    if (i === needle.length) return true;
  }
  return false;
}
