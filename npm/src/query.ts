import { anything, optionsOf } from "./arguments.js";
import type { Core, Settlement } from "./core.js";
import { decodeTags } from "./dates.js";
import { InvalidArgumentError, NotLoadedError } from "./errors.js";
import { nameObjects } from "./object-name.js";
import { POLICIES, freshnessOf } from "./policy.js";
import type { Freshness, Policy } from "./policy.js";
import type { Records } from "./records.js";

/** How the rows of a query are fetched. */
export interface QueryOptions {
  /** Rows asked for in one request; 500 by default. */
  pageSize?: number;
  /** Ends the query: what waits for rows rejects with the signal's reason, and requests are cancelled. */
  signal?: AbortSignal;
  /** Called after each page has come. */
  onProgress?: (progress: QueryProgress) => void;
  /** Where the rows come from; by default what the session's option says. */
  policy?: Policy;
}

/** All rows of a query, and where they come from. */
export type Rows<T> = T[] & Freshness;

/** How far a query has come. How many rows there are in all is not known before the last page. */
export interface QueryProgress {
  /** Rows that are here. */
  loaded: number;
  /** Whether these are all. */
  done: boolean;
}

/** A query that a core has open, to be closed there when its object here is collected. What is kept for that is no function: one that is made beside another holds what that holds. */
const forgotten = new FinalizationRegistry<{ core: Core; session: number; query: number }>(({ core, session, query }) => core.tell(session, "queryClose", { query }));

/**
 * An expression and its rows. Nothing is sent until rows are asked for; they come page by page, the next one requested
 * while this one is read. Rows stay here: a second iteration gives the same ones without a request. The rows of an
 * aggregate (`select count(id) from Task group by status_id`) are plain frozen objects.
 */
export class Query<T> implements AsyncIterable<T> {
  /** The expression as it was given. */
  readonly expression: string;
  readonly #core: Core;
  readonly #session: number;
  readonly #records: Records;
  readonly #options: QueryOptions;
  readonly #rows: T[] = [];
  #open: { id: number; skip: number } | undefined;
  #done = false;
  #coming: Promise<void> | undefined;
  #iterations = 0;
  #freshness: Freshness | undefined;
  #newer: Query<T> | undefined;

  static {
    nameObjects(this, "Query");
  }

  /** @internal */
  constructor(core: Core, session: number, records: Records, expression: string, options: QueryOptions) {
    this.expression = expression;
    this.#core = core;
    this.#session = session;
    this.#records = records;
    this.#options = options;
  }

  /** Whether all rows are here. */
  get loaded(): boolean {
    return this.#done;
  }

  /** Where the rows that are here come from; `undefined` while there are none. */
  get freshness(): Freshness | undefined {
    return this.#freshness;
  }

  /** @throws {NotLoadedError} until all rows are here. */
  get length(): number {
    if (!this.#done) throw this.#notLoaded("length");
    return this.#rows.length;
  }

  /**
   * The row at a place that is here; from the end when negative. `undefined` beyond the last row.
   * @throws {NotLoadedError} when the row has not come yet.
   */
  at(index: number): T | undefined {
    if (!this.#done && (index < 0 || index >= this.#rows.length)) throw this.#notLoaded(`at(${index})`);
    return this.#rows.at(index);
  }

  /** Fetches what is missing and gives all rows, in an array of its own. */
  async all(): Promise<Rows<T>> {
    while (!this.#done) await this.#nextPage();
    const freshness = this.#freshness ?? { source: "network", fetchedAt: new Date(), stale: false };
    if (freshness.stale && this.#policy === "cache-and-network") this.fresh().catch(() => undefined); // whoever wants to know asks again
    return withFreshness(this.#rows.slice(), freshness);
  }

  /**
   * All rows as the server has them now. With `cache-and-network` the server is asked as soon as `all` has given kept rows; entities
   * that are rows of both change meanwhile, and tell their subscribers. When the network fails, they are kept ones again, and `stale`.
   */
  fresh(): Promise<Rows<T>> {
    if (this.#done && !this.#freshness?.stale) return this.all();
    this.#newer ??= new Query<T>(this.#core, this.#session, this.#records, this.expression, { ...this.#options, policy: "network-first" });
    return this.#newer.all();
  }

  /** The first row, `null` without one; always a request of its own, for one row. The expression must have no limit. */
  async first(): Promise<T | null> {
    return (await this.#few("first"))[0] ?? null;
  }

  /**
   * The only row; always a request of its own. The expression must have no limit and no offset.
   * @throws {NoResultFoundError} or {@link MultipleResultsFoundError}
   */
  async one(): Promise<T> {
    return (await this.#few("one"))[0]!;
  }

  /** The rows in order. Leaving the loop early cancels the page that was requested ahead. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    this.#iterations++;
    try {
      for (let at = 0; ; at++) {
        while (at >= this.#rows.length) {
          if (this.#done) return;
          await this.#nextPage();
        }
        yield this.#rows[at]!;
      }
    } finally {
      if (!--this.#iterations && !this.#coming) this.#stop();
    }
  }

  async #few(op: "first" | "one"): Promise<T[]> {
    this.#alive();
    const { signal } = this.#options;
    return this.#rowsOf(await this.#core.request(this.#session, op, { expression: this.expression, policy: this.#policy }, { signal }));
  }

  /** Brings one page more; whoever asks meanwhile waits for the same one. */
  #nextPage(): Promise<void> {
    this.#coming ??= this.#fetchPage().finally(() => {
      this.#coming = undefined;
    });
    return this.#coming;
  }

  async #fetchPage(): Promise<void> {
    this.#alive();
    const { signal, onProgress } = this.#options;
    try {
      const open = (this.#open ??= await this.#begin());
      const coming = this.#core.request(this.#session, "queryNext", { query: open.id }, { signal });
      const [, typeName] = TYPE.exec(this.expression) ?? [];
      if (typeName) this.#records.expect(typeName);
      const page = await coming;
      const rows = this.#rowsOf(page);
      const fresh = rows.slice(open.skip);
      open.skip -= rows.length - fresh.length;
      for (const row of fresh) this.#rows.push(row);
      if (page.kind !== "value") this.#freshness = freshnessOf(this.#freshness, page);
      if (page.kind === "value" || page.done) {
        this.#done = true;
        this.#open = undefined;
        forgotten.unregister(this);
      }
    } catch (error) {
      this.#stop();
      throw error;
    }
    onProgress?.({ loaded: this.#rows.length, done: this.#done });
  }

  /** Opens the query in the core. One that was stopped begins anew there, and the rows that are here are passed over. */
  async #begin(): Promise<{ id: number; skip: number }> {
    const { signal, pageSize } = this.#options;
    const payload = { expression: this.expression, pageSize, policy: this.#policy };
    const close = (settlement: Settlement): void => this.#core.tell(this.#session, "queryClose", JSON.parse(textOf(settlement)) as object);
    const settlement = await this.#core.request(this.#session, "queryOpen", payload, { signal, abandoned: close });
    const { query } = JSON.parse(textOf(settlement)) as { query: number };
    forgotten.register(this, { core: this.#core, session: this.#session, query }, this);
    return { id: query, skip: this.#rows.length };
  }

  /** Cancels what was requested ahead. */
  #stop(): void {
    const open = this.#open;
    if (!open) return;
    this.#open = undefined;
    forgotten.unregister(this);
    this.#core.tell(this.#session, "queryClose", { query: open.id });
  }

  get #policy(): Policy | undefined {
    return this.#options.policy ?? this.#records.session.policy;
  }

  #alive(): void {
    if (this.#records.gone) throw this.#core.closedError();
  }

  #rowsOf(page: Settlement): T[] {
    switch (page.kind) {
      case "page":
        return this.#records.page(page.handles, page.type) as T[];
      case "rows":
        return (decodeTags(JSON.parse(page.text)) as T[]).map((row) => Object.freeze(row));
      default:
        return [];
    }
  }

  #notLoaded(what: string): NotLoadedError {
    return new NotLoadedError(`query.${what}: the rows have not all come yet; await query.all() first`);
  }
}

/** The type that an expression asks for. */
const TYPE = /^\s*(?:select\b.*?\bfrom\s+)?(\w+)/is;

/** Tells of an array where its rows come from, in members that do not count among its own. */
function withFreshness<T>(rows: T[], freshness: Freshness): Rows<T> {
  for (const [name, value] of Object.entries(freshness)) Object.defineProperty(rows, name, { value, configurable: true });
  return rows as Rows<T>;
}

/** Query options as they are; what is none of them is refused by name. */
export function checkQueryOptions(given: QueryOptions | null): QueryOptions {
  const options = optionsOf<QueryOptions>("query", given, { pageSize: anything, signal: anything, onProgress: anything, policy: anything });
  const { pageSize, signal, onProgress, policy } = options;
  if (pageSize !== undefined && (!Number.isInteger(pageSize) || pageSize < 1)) throw wrong("pageSize", "a whole number above 0", pageSize);
  if (signal !== undefined && typeof signal?.addEventListener !== "function") throw wrong("signal", "an AbortSignal", signal);
  if (onProgress !== undefined && typeof onProgress !== "function") throw wrong("onProgress", "a function", onProgress);
  if (policy !== undefined && !POLICIES.includes(policy)) throw wrong("policy", `one of ${POLICIES.join(", ")}`, policy);
  return options;
}

function wrong(name: string, wanted: string, given: unknown): InvalidArgumentError {
  return new InvalidArgumentError(`query: the option ${name} must be ${wanted}, not ${typeof given === "string" ? JSON.stringify(given) : String(given)}`);
}

function textOf(settlement: Settlement): string {
  return settlement.kind === "page" ? "" : settlement.text;
}
