import type { LiveList, Session } from "ftrack-wasm";

/** Follows the expression whose rows are shown, so that they change by themselves when somebody else edits. */
export class Following {
  readonly #changed: (entities: readonly unknown[]) => void;
  #list: LiveList<object> | undefined;
  #end: (() => unknown) | undefined;

  constructor(changed: (entities: readonly unknown[]) => void) {
    this.#changed = changed;
  }

  /** `shown` are the rows as they stand when something changes. */
  start(session: Session, expression: string, shown: readonly unknown[]): void {
    this.stop();
    const ordered = /\border\s+by\b/i.test(expression);
    const list = (this.#list = session.live<object>(expression));
    const tell = (): void => {
      if (list.loaded && list.error === null) this.#changed(ordered ? list.entities : inPlace(shown, list.entities));
    };
    list.subscribe(tell);
    // What is edited here keeps its value when somebody else changes it: the row shows that there is another.
    const { eventHub } = session;
    const id = eventHub.subscribe("topic=ftrack.session.conflict", tell);
    this.#end = () => eventHub.unsubscribe(id);
  }

  stop(): void {
    this.#end?.();
    this.#list?.close();
    this.#list = this.#end = undefined;
  }
}

/** Servers give rows without an order in another one from request to request: those that are shown stay where they are, new ones come last. */
function inPlace(shown: readonly unknown[], entities: readonly unknown[]): readonly unknown[] {
  const coming = new Set(entities);
  const staying = shown.filter((row) => coming.delete(row));
  return [...staying, ...coming];
}
