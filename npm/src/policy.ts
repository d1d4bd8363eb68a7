import type { PageState } from "./core.js";

/**
 * Where a query's rows come from: the server (`network-only`, nothing is kept); the server, or what is kept when the network fails
 * (`network-first`); what is kept, or else the server (`cache-first`); what is kept at once and the server's rows after it
 * (`cache-and-network`, see `Query.fresh`); what is kept (`cache-only`).
 */
export type Policy = "network-only" | "network-first" | "cache-first" | "cache-and-network" | "cache-only";

/** All policies. */
export const POLICIES: readonly Policy[] = ["network-only", "network-first", "cache-first", "cache-and-network", "cache-only"];

/** Where rows came from. */
export interface Freshness {
  /** `cache` as soon as one page of the rows was kept from earlier. */
  readonly source: "network" | "cache";
  /** When the server sent the rows; of several pages the oldest. */
  readonly fetchedAt: Date;
  /** Whether they are kept ones because the network failed, or because the server's are yet to come. */
  readonly stale: boolean;
}

/** The freshness of rows that came in several pages. */
export function freshnessOf(before: Freshness | undefined, { fromCache, stale, fetchedAt }: Omit<PageState, "done">): Freshness {
  const at = before ? Math.min(before.fetchedAt.getTime(), fetchedAt) : fetchedAt;
  return { source: fromCache || before?.source === "cache" ? "cache" : "network", fetchedAt: new Date(at), stale: stale || (before?.stale ?? false) };
}
