import type { Session } from "ftrack-wasm";

/** What this browser keeps of the session's rows, in numbers, with a button that drops it. */
export class CacheView {
  readonly #root: HTMLElement;
  #session: Session | undefined;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#part("clear").addEventListener("click", () => void this.#clear());
    root.addEventListener("toggle", () => void this.refresh());
  }

  attach(session: Session | undefined): void {
    this.#session = session;
    this.#root.hidden = !session?.kept;
    void this.refresh();
  }

  /** Shows what is kept once all that has come is written. */
  async refresh(): Promise<void> {
    const kept = this.#session?.kept;
    if (!kept) return;
    try {
      const written = await kept.written();
      const { replies, entities, bytes, hits, misses, oldest } = await kept.statistics();
      if (this.#session?.kept !== kept) return;
      this.#show("entries", `${replies.toLocaleString()} replies, ${entities.toLocaleString()} entities${written ? "" : ", not all of it written"}`);
      this.#show("bytes", bytes < 1e5 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
      this.#show("hits", hits.toLocaleString());
      this.#show("misses", misses.toLocaleString());
      this.#show("age", oldest ? ageOf(Date.now() - oldest.getTime()) : "–");
    } catch {
      // The session has ended meanwhile.
    }
  }

  async #clear(): Promise<void> {
    await this.#session?.kept?.clear();
    await this.refresh();
  }

  #show(name: string, text: string): void {
    this.#part(name).textContent = text;
  }

  #part(name: string): HTMLElement {
    return this.#root.querySelector(`[data-part="${name}"]`) as HTMLElement;
  }
}

function ageOf(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
