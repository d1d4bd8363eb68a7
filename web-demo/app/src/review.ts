import type { DefaultEntities } from "ftrack-wasm";
import type { Version } from "./media.js";

type Component = DefaultEntities["FileComponent"];

const films = new Set([".mp4", ".webm", ".mov", ".m4v"]);
const pictures = new Set([".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg"]);

/** Plays or shows a component of a version. */
export class Review {
  readonly #list: HTMLElement;
  readonly #stage: HTMLElement;
  readonly #failed: (error: unknown) => void;
  #reading: AbortController | undefined;
  #address: string | undefined;

  constructor(list: HTMLElement, stage: HTMLElement, failed: (error: unknown) => void) {
    this.#list = list;
    this.#stage = stage;
    this.#failed = failed;
  }

  clear(): void {
    this.#reading?.abort();
    if (this.#address) URL.revokeObjectURL(this.#address);
    this.#address = undefined;
    this.#stage.replaceChildren();
    this.#list.replaceChildren();
  }

  /** Lists a version's components, and shows the one that can be looked at best. */
  async show(version: Version): Promise<void> {
    this.clear();
    const own = (this.#reading = new AbortController());
    const expression = `select name, file_type, size, system_type from FileComponent where version_id is "${version.id!}" order by name`;
    const components = await version.session.query<"FileComponent">(expression, { policy: "network-only", signal: own.signal }).all().catch((error: unknown) => {
      if (own.signal.aborted) return [];
      throw error;
    });
    if (own.signal.aborted) return;
    this.#list.replaceChildren(...components.map((component) => this.#item(component)));
    const best = components.find(({ name }) => name?.startsWith("ftrackreview-")) ?? components.find(isFilm) ?? components.find(isPicture);
    if (best) await this.#present(best);
    else this.#say(components.length ? "Choose a component." : "This version has no files yet: drop some here.");
  }

  #item(component: Component): HTMLElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet small";
    button.dataset.id = component.id!;
    button.textContent = `${component.name ?? ""}${component.file_type ?? ""} · ${inBytes(component.size ?? 0)}`;
    button.addEventListener("click", () => this.#present(component).catch(this.#failed));
    return button;
  }

  async #present(component: Component): Promise<void> {
    this.#reading?.abort();
    const own = (this.#reading = new AbortController());
    for (const item of this.#list.querySelectorAll<HTMLElement>("button")) item.setAttribute("aria-current", String(item.dataset.id === component.id));
    this.#say("Loading …");
    let data: Blob;
    try {
      data = await component.session.readComponent(component, {
        signal: own.signal,
        onProgress: ({ loaded, total }) => this.#say(`Loading … ${inBytes(loaded)} of ${inBytes(total)}`),
      });
    } catch (error) {
      if (own.signal.aborted) return;
      this.#say("It could not be loaded.");
      throw error;
    }
    if (this.#address) URL.revokeObjectURL(this.#address);
    this.#address = URL.createObjectURL(data);
    this.#stage.replaceChildren(this.#shown(component, this.#address));
  }

  #shown(component: Component, address: string): HTMLElement {
    const name = `${component.name ?? "component"}${component.file_type ?? ""}`;
    if (isFilm(component)) return Object.assign(document.createElement("video"), { src: address, controls: true, muted: true, autoplay: true, loop: true, ariaLabel: name });
    if (isPicture(component)) return Object.assign(new Image(), { src: address, alt: name });
    return Object.assign(document.createElement("a"), { href: address, download: name, textContent: `Save ${name}` });
  }

  #say(text: string): void {
    this.#stage.replaceChildren(Object.assign(document.createElement("p"), { textContent: text }));
  }
}

function isFilm({ file_type: type }: Component): boolean {
  return films.has((type ?? "").toLowerCase());
}

function isPicture({ file_type: type }: Component): boolean {
  return pictures.has((type ?? "").toLowerCase());
}

/** A size as people read it. */
export function inBytes(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  const step = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1);
  return `${(bytes / 1024 ** step).toLocaleString(undefined, { maximumFractionDigits: step > 1 ? 1 : 0 })} ${units[step]!}`;
}
