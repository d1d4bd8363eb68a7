/** The time that each step took, as a list of terms and figures. What is not known yet keeps its place. */
export class Timings {
  readonly #entries = new Map<string, HTMLElement>();

  constructor(list: HTMLElement, names: readonly string[]) {
    for (const name of names) {
      const entry = document.createElement("div");
      entry.dataset["step"] = name;
      const term = document.createElement("dt");
      term.textContent = name;
      entry.append(term, document.createElement("dd"));
      this.#entries.set(name, entry);
      list.append(entry);
    }
    this.clear(...names);
  }

  /** Forgets the steps from this one on: a query is run again, the session is the same. */
  clear(...names: string[]): void {
    for (const name of names) this.#show(name, undefined);
  }

  set(name: string, milliseconds: number): void {
    this.#show(name, milliseconds < 1000 ? `${milliseconds.toFixed(0)} ms` : `${(milliseconds / 1000).toFixed(2)} s`);
  }

  #show(name: string, text: string | undefined): void {
    const entry = this.#entries.get(name);
    entry?.classList.toggle("unknown", text === undefined);
    if (entry) (entry.lastElementChild as HTMLElement).textContent = text ?? "–";
  }
}
