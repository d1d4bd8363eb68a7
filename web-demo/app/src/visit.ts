/** Under which name a tab keeps it. */
const NAME = "ftrack-wasm demo";

/** What a reload goes on with. A key that somebody typed is not part of it: only whether it is the one that the page is filled in with. */
export interface Visit {
  readonly serverUrl: string;
  readonly apiUser: string;
  readonly expression: string;
  readonly ownKey: boolean;
}

/** What this tab was at before it was reloaded. */
export function visitBefore(): Visit | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(NAME) ?? "null") as Partial<Visit> | null;
    const { serverUrl, apiUser, expression, ownKey } = kept ?? {};
    if (typeof serverUrl !== "string" || typeof apiUser !== "string" || typeof expression !== "string") return undefined;
    return { serverUrl, apiUser, expression, ownKey: ownKey === true };
  } catch {
    return undefined; // no storage, or not ours
  }
}

/** Keeps what this tab is at; nothing after signing out. */
export function keepVisit(visit: Visit | undefined): void {
  try {
    if (visit) sessionStorage.setItem(NAME, JSON.stringify(visit));
    else sessionStorage.removeItem(NAME);
  } catch {
    // No storage: a reload begins anew.
  }
}
