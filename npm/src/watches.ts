import { callListener } from "./listener.js";
import { stateOf } from "./entity.js";
import type { Entity } from "./entity.js";

interface Watched {
  readonly entity: Entity;
  readonly listeners: Set<{ call: () => void }>;
}

/** Who wants to hear of changes of a session's entities. A watched entity is held. */
export class Watches {
  readonly #watched = new Map<number, Watched>();
  #changed: Set<number> | undefined;

  /** Adds a listener; the same function may be added several times. */
  add(entity: Entity, call: () => void): () => void {
    const { handle, records } = stateOf(entity);
    let watched = this.#watched.get(handle);
    if (!watched) {
      this.#watched.set(handle, (watched = { entity, listeners: new Set() }));
      records.watch(handle, true);
    }
    const { listeners } = watched;
    const listener = { call };
    listeners.add(listener);
    return () => {
      if (listeners.delete(listener) && !listeners.size && this.#watched.delete(handle)) records.watch(handle, false);
    };
  }

  /** Tells the listeners of these records, each once, in a microtask. */
  notify(handles: Int32Array): void {
    if (!this.#changed) {
      this.#changed = new Set();
      queueMicrotask(() => this.#tell());
    }
    for (const handle of handles) this.#changed.add(handle);
  }

  #tell(): void {
    const changed = this.#changed!;
    this.#changed = undefined;
    for (const handle of changed) {
      for (const { call } of [...(this.#watched.get(handle)?.listeners ?? [])]) callListener(call);
    }
  }

  /** Forgets all listeners, when the session ends. */
  clear(): void {
    this.#watched.clear();
  }
}
