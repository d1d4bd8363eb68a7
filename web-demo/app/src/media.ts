import type { DefaultEntities, Session } from "ftrack-wasm";
import { Notes } from "./notes.js";
import { problemOf, showProblem } from "./problem.js";
import { Review } from "./review.js";
import { Uploads } from "./uploads.js";

export type Version = DefaultEntities["AssetVersion"];

const EXPRESSION = "select asset.name, asset.parent.name, version, thumbnail_id, comment, user.username, status.name, link from AssetVersion order by date descending limit 120";

/** The versions with their pictures, and beside them the one that is looked at: its media, notes and uploads. */
export class Media {
  readonly #root: HTMLElement;
  readonly #grid: HTMLElement;
  readonly #title: HTMLElement;
  readonly #problem: HTMLElement;
  readonly #review: Review;
  readonly #notes: Notes;
  readonly #uploads: Uploads;
  readonly #near: IntersectionObserver;
  readonly #pictures = new Map<HTMLElement, Version>();
  #session: Session | undefined;
  #addresses: string[] = [];

  /** `changed` is called after something was recorded. */
  constructor(root: HTMLElement, changed: () => void) {
    this.#root = root;
    const part = (name: string): HTMLElement => root.querySelector(`[data-part="${name}"]`)!;
    this.#grid = part("versions");
    this.#title = part("version");
    this.#problem = part("problem");
    const failed = (error: unknown): void => showProblem(this.#problem, problemOf(error));
    this.#review = new Review(part("components"), part("stage"), failed);
    this.#notes = new Notes(part("notes"), changed, failed);
    this.#uploads = new Uploads(part("uploads"), () => void this.#reload(), failed);
    this.#near = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, target } of entries) if (isIntersecting) void this.#draw(target as HTMLElement);
      },
      { root: this.#grid, rootMargin: "200px" },
    );
  }

  get visible(): boolean {
    return !this.#root.hidden;
  }

  /** Shows the versions of a session, or nothing any more. */
  async show(session: Session | undefined): Promise<void> {
    this.#root.hidden = session === undefined;
    this.#session = session;
    this.#near.disconnect();
    this.#pictures.clear();
    for (const address of this.#addresses) URL.revokeObjectURL(address);
    this.#addresses = [];
    this.#grid.replaceChildren();
    this.#review.clear();
    this.#notes.clear();
    this.#uploads.attach(session);
    showProblem(this.#problem, undefined);
    if (!session) return;
    try {
      const versions = await session.query<"AssetVersion">(EXPRESSION).all();
      if (session !== this.#session) return;
      this.#grid.replaceChildren(...versions.map((version) => this.#card(version)));
      if (versions[0]) await this.#open(versions[0]);
    } catch (error) {
      showProblem(this.#problem, problemOf(error));
    }
  }

  #card(version: Version): HTMLElement {
    const card = document.createElement("button");
    card.type = "button";
    card.className = "version-card";
    const picture = document.createElement("span");
    picture.className = "version-picture";
    const name = document.createElement("span");
    name.textContent = nameOf(version);
    const about = document.createElement("small");
    about.textContent = [version.status?.name, version.user?.username].filter(Boolean).join(" · ");
    card.append(picture, name, about);
    card.addEventListener("click", () => void this.#open(version));
    this.#pictures.set(card, version);
    this.#near.observe(card);
    return card;
  }

  /** Fetches the picture of a card that has come near. */
  async #draw(card: HTMLElement): Promise<void> {
    this.#near.unobserve(card);
    const [version, session] = [this.#pictures.get(card), this.#session];
    if (!session || !version?.thumbnail_id) return;
    try {
      const image = new Image();
      image.alt = "";
      const address = URL.createObjectURL(await session.thumbnail(version, { size: 200 }));
      if (session !== this.#session) return URL.revokeObjectURL(address);
      this.#addresses.push(address);
      image.src = address;
      card.querySelector(".version-picture")!.replaceChildren(image);
    } catch {
      // A card without its picture still tells what it is.
    }
  }

  async #open(version: Version): Promise<void> {
    for (const [card, each] of this.#pictures) card.setAttribute("aria-current", String(each === version));
    this.#title.textContent = nameOf(version);
    this.#uploads.version = version;
    showProblem(this.#problem, undefined);
    try {
      await Promise.all([this.#review.show(version), this.#notes.show(version)]);
    } catch (error) {
      showProblem(this.#problem, problemOf(error));
    }
  }

  async #reload(): Promise<void> {
    const { version } = this.#uploads;
    if (version) await this.#open(version);
  }
}

function nameOf(version: Version): string {
  return [version.asset?.parent?.name, version.asset?.name, `v${String(version.version ?? 0).padStart(3, "0")}`].filter(Boolean).join(" / ");
}
