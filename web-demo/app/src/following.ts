import type { LiveList, Session } from "ftrack-wasm";

/** Follows the expression whose rows are shown, so that they change by themselves when somebody else edits. */
export class Following {
  readonly #changed: (entities: readonly unknown[]) => void;
  #list: LiveList<object> | undefined;
  #end: (() => unknown) | undefined;

  constructor(changed: (entities: readonly unknown[]) => void) {
    this.#changed = changed;
  }

  start(session: Session, expression: string): void {
    this.stop();
    const list = (this.#list = session.live<object>(expression));
    const tell = (): void => {
      if (list.loaded && list.error === null) this.#changed(list.entities);
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
