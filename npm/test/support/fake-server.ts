import schemas from "../fixtures/query_schemas.json" with { type: "json" };

/** An operation of the API as it arrives. */
export interface Operation {
  action: string;
  expression?: string;
  [name: string]: unknown;
}

/** One request as it arrived. */
export interface SeenRequest {
  url: string;
  headers: Headers;
  operations: Operation[];
  signal: AbortSignal | undefined;
}

export type Row = Record<string, unknown>;

/** What a fake server answers; `undefined` leaves it to the defaults. */
export type Answer = (request: SeenRequest) => Response | Promise<Response> | undefined;

/** An ftrack server within the page: a fetch that answers the handshake by itself and all else as it is told. */
export class FakeServer {
  readonly requests: SeenRequest[] = [];
  answer: Answer = () => undefined;
  /** The `schema_hash` that the server tells; none by default. */
  schemaHash: string | undefined;

  /** Rows of `query`, by entity type, for expressions as the client sends them: `... offset N limit M`. */
  readonly rows = new Map<string, Row[]>();

  readonly fetch = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const signal = init.signal ?? undefined;
    signal?.throwIfAborted();
    const request: SeenRequest = {
      url: String(input),
      headers: new Headers(init.headers),
      operations: JSON.parse(new TextDecoder().decode(init.body as Uint8Array)) as Operation[],
      signal,
    };
    this.requests.push(request);
    const answered = this.answer(request);
    const response = answered ?? json(request.operations.map((operation) => this.#reply(operation)));
    return signal ? abortable(Promise.resolve(response), signal) : response;
  };

  /** The requests that carried queries, as their expressions. */
  get expressions(): string[] {
    return this.requests.flatMap(({ operations }) => operations.filter(({ action }) => action === "query").map(({ expression }) => expression!));
  }

  #reply({ action, expression = "" }: Operation): unknown {
    switch (action) {
      case "query_server_information":
        return { version: "4.13.2", is_timezone_support_enabled: true, ...(this.schemaHash && { schema_hash: this.schemaHash }) };
      case "query_schemas":
        return schemas;
      case "query":
        return this.#query(expression);
      default:
        return { action };
    }
  }

  #query(expression: string): unknown {
    const type = (/\bfrom\s+(\w+)/.exec(expression) ?? /^\s*(\w+)/.exec(expression))![1]!;
    const [, from, count] = /offset (\d+) limit (\d+)$/.exec(expression) ?? [undefined, "0", "500"];
    const offset = Number(from);
    const all = this.#matching(this.rows.get(type) ?? [], expression);
    const rows = all.slice(offset, offset + Number(count));
    const next = rows.length === Number(count) ? offset + rows.length : null;
    return { action: "query", data: rows, metadata: { next: { offset: next } } };
  }

  /** Understands `id is x` and `id in (...)`, which is what the client itself adds. */
  #matching(rows: Row[], expression: string): Row[] {
    const ids = /\bid (?:is|=) "?([\w-]+)"?|\bid in \(([^)]*)\)/.exec(expression);
    if (!ids) return rows;
    const wanted = new Set((ids[1] ?? ids[2]!).split(",").map((id) => id.trim().replaceAll('"', "")));
    return rows.filter(({ id }) => wanted.has(id as string));
  }
}

/** A JSON response. */
export function json(value: unknown, init: ResponseInit = {}): Response {
  return new Response(JSON.stringify(value), { headers: { "content-type": "application/json" }, ...init });
}

/** A response that never comes; it ends when the request is aborted. */
export function never(): Promise<Response> {
  return new Promise(() => undefined);
}

function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    work.then(resolve, reject);
  });
}

/** A UUID that a number makes. */
export function uuid(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
}

/** Tasks with a status and a parent, as a query that selects them brings them. */
export function tasks(count: number, extra: (i: number) => Row = () => ({})): Row[] {
  return Array.from({ length: count }, (_, i) => ({
    __entity_type__: "Task",
    id: uuid(i),
    name: `task ${i}`,
    status: { __entity_type__: "Status", id: uuid(9000 + (i % 3)), name: `status ${i % 3}` },
    ...extra(i),
  }));
}
