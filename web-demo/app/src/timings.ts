/** The time that each step took, as a list of terms and figures. */
export class Timings {
  readonly #list: HTMLElement;

  constructor(list: HTMLElement) {
    this.#list = list;
  }

  /** Forgets the steps from this one on: a query is run again, the session is the same. */
  clear(...names: string[]): void {
    for (const name of names) this.#list.querySelector(`[data-step="${name}"]`)?.remove();
  }

  set(name: string, milliseconds: number): void {
    let entry = this.#list.querySelector<HTMLElement>(`[data-step="${name}"]`);
    if (!entry) {
      entry = document.createElement("div");
      entry.dataset["step"] = name;
      entry.append(document.createElement("dt"), document.createElement("dd"));
      this.#list.append(entry);
    }
    (entry.firstElementChild as HTMLElement).textContent = name;
    (entry.lastElementChild as HTMLElement).textContent = milliseconds < 1000 ? `${milliseconds.toFixed(0)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
  }
}
