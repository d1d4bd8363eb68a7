import { colorOf, textOf, valueAt } from "./columns.js";
import type { Column } from "./columns.js";

const rowHeight = 30;
const spare = 8; // rows kept beyond each end of what is seen

const classes: Record<Column["kind"], string> = { text: "text", chip: "chip", date: "date", number: "number", hours: "number" };

/** What a table asks and tells. */
export interface TableHandlers {
  /** Whether a cell can be edited. */
  editable(row: unknown, column: Column): boolean;
  /** A cell was asked to be edited. */
  edit(row: unknown, column: Column, cell: HTMLElement): void;
  /** Another row was selected. */
  select(row: unknown): void;
  /** Name of a row's state, for its style. */
  state(row: unknown): string;
  /** Names of attributes that somebody else has changed too. */
  conflicts(row: unknown): readonly string[];
}

/**
 * A table that holds as many elements as fit the window, whatever the number of rows: while it scrolls, rows that leave
 * at one end come in at the other with new text.
 */
export class Table {
  readonly #root: HTMLElement;
  readonly #scroller: HTMLElement;
  readonly #head: HTMLElement;
  readonly #body: HTMLElement;
  readonly #pool: HTMLElement[] = [];
  #columns: readonly Column[] = [];
  #rows: readonly unknown[] = [];
  #queued = false;
  readonly #handlers: TableHandlers;
  #selected: unknown;

  constructor(root: HTMLElement, handlers: TableHandlers) {
    this.#root = root;
    this.#handlers = handlers;
    this.#scroller = element("div", "scroller");
    this.#scroller.tabIndex = 0;
    this.#scroller.setAttribute("role", "table");
    this.#scroller.setAttribute("aria-label", "Rows of the query");
    this.#head = element("div", "row head");
    this.#head.setAttribute("role", "row");
    this.#body = element("div", "body");
    this.#body.setAttribute("role", "rowgroup");
    this.#scroller.append(this.#head, this.#body);
    root.append(this.#scroller);
    this.#scroller.addEventListener("scroll", () => this.#onScroll(), { passive: true });
    this.#body.addEventListener("click", (event) => this.#onClick(event));
    this.#body.addEventListener("dblclick", (event) => this.#onDoubleClick(event));
    this.#scroller.addEventListener("keydown", (event) => this.#onKey(event));
    new ResizeObserver(() => this.refresh()).observe(this.#scroller);
  }

  /** Shows other rows under other columns, from the top. `rows` may grow; call `refresh` then. */
  show(columns: readonly Column[], rows: readonly unknown[]): void {
    this.#columns = columns;
    this.#rows = rows;
    this.#scroller.style.setProperty("--columns", columns.map((c) => `minmax(${c.least}px, ${c.weight}fr)`).join(" "));
    this.#scroller.style.setProperty("--least", `${columns.reduce((sum, c) => sum + c.least + 12, 0)}px`);
    this.#scroller.setAttribute("aria-colcount", String(columns.length));
    this.#head.replaceChildren(
      ...columns.map((column) => {
        const cell = element("span", `cell ${classes[column.kind]}`);
        cell.setAttribute("role", "columnheader");
        cell.textContent = column.label;
        cell.title = column.path;
        return cell;
      }),
    );
    for (const row of this.#pool.splice(0)) row.remove();
    this.#scroller.scrollTop = 0;
    this.refresh();
  }

  /** Draws what is seen in the next frame. */
  refresh(): void {
    if (this.#queued) return;
    this.#queued = true;
    requestAnimationFrame(() => {
      this.#queued = false;
      this.#draw();
    });
  }

  /** The row that is selected. */
  get selected(): unknown {
    return this.#selected;
  }

  set selected(row: unknown) {
    this.#selected = row;
    this.#handlers.select(row);
    this.refresh();
  }

  /** Asks for the cell of a row to be edited, after scrolling to it. */
  edit(row: unknown, path: string): void {
    const index = this.#rows.indexOf(row);
    const place = this.#columns.findIndex((column) => column.path === path);
    if (index < 0 || place < 0) return;
    const top = index * rowHeight;
    const { scrollTop, clientHeight } = this.#scroller;
    if (top < scrollTop || top + 2 * rowHeight > scrollTop + clientHeight) this.#scroller.scrollTop = Math.max(0, top - rowHeight);
    this.#draw();
    const element = this.#pool.find((each) => !each.hidden && Number(each.dataset.index) === index);
    if (element) this.#handlers.edit(row, this.#columns[place]!, element.children[place] as HTMLElement);
  }

  set visible(visible: boolean) {
    this.#root.hidden = !visible;
    if (visible) this.refresh();
  }

  #draw(): void {
    const count = this.#rows.length;
    this.#body.style.height = `${count * rowHeight}px`;
    this.#scroller.setAttribute("aria-rowcount", String(count + 1));
    const height = this.#scroller.clientHeight;
    const first = Math.max(0, Math.floor(this.#scroller.scrollTop / rowHeight) - spare);
    const last = Math.min(count, Math.ceil((this.#scroller.scrollTop + height) / rowHeight) + spare);
    const needed = Math.min(count, Math.ceil(height / rowHeight) + 2 * spare + 2);
    while (this.#pool.length < needed) {
      const row = this.#newRow();
      this.#pool.push(row);
      this.#body.append(row);
    }
    this.#pool.forEach((row, place) => {
      // Each element serves the rows that are equal to its place modulo the pool, so scrolling changes few of them.
      const index = first + ((((place - first) % this.#pool.length) + this.#pool.length) % this.#pool.length);
      const shown = index < last;
      row.hidden = !shown;
      if (shown) this.#fill(row, index);
    });
  }

  #newRow(): HTMLElement {
    const row = element("div", "row");
    row.setAttribute("role", "row");
    for (const column of this.#columns) {
      const cell = element("span", `cell ${classes[column.kind]}`);
      cell.setAttribute("role", "cell");
      row.append(cell);
    }
    return row;
  }

  #fill(row: HTMLElement, index: number): void {
    const entity = this.#rows[index];
    row.style.transform = `translateY(${index * rowHeight}px)`;
    row.setAttribute("aria-rowindex", String(index + 2));
    row.dataset.index = String(index);
    const state = (row.dataset.state = this.#handlers.state(entity));
    const disputed = state === "modified" ? this.#handlers.conflicts(entity) : [];
    row.classList.toggle("odd", index % 2 === 1);
    row.classList.toggle("selected", entity === this.#selected);
    row.setAttribute("aria-selected", String(entity === this.#selected));
    this.#columns.forEach((column, place) => {
      const cell = row.children[place] as HTMLElement;
      if (cell.querySelector(".cell-editor")) return;
      cell.classList.toggle("editable", this.#handlers.editable(entity, column));
      const text = textOf(valueAt(entity, column.path), column);
      if (cell.textContent !== text) {
        cell.textContent = text;
        cell.title = text;
      }
      const [attribute] = column.path.split(".");
      const conflict = disputed.some((name) => name === attribute || name === `${attribute!}_id`);
      if (cell.classList.toggle("disputed", conflict)) cell.title = "Somebody else has changed this meanwhile: committing replaces it, rolling back shows it.";
      else if (cell.title !== text) cell.title = text;
      if (column.kind === "chip") {
        const color = valueAt(entity, colorOf(column.path));
        cell.style.setProperty("--chip", typeof color === "string" && color !== "" ? color : "var(--faint)");
        cell.classList.toggle("filled", text !== "");
      }
    });
  }

  /** An editor does not scroll with its row: what was typed is taken. */
  #onScroll(): void {
    const active = document.activeElement;
    if (active instanceof HTMLElement && active.classList.contains("cell-editor") && this.#body.contains(active)) active.blur();
    this.refresh();
  }

  #onClick(event: MouseEvent): void {
    const row = (event.target as HTMLElement).closest<HTMLElement>(".row");
    if (row && !(event.target as HTMLElement).classList.contains("cell-editor")) this.selected = this.#rows[Number(row.dataset.index)];
  }

  #onDoubleClick(event: MouseEvent): void {
    const cell = (event.target as HTMLElement).closest<HTMLElement>(".cell");
    const row = cell?.closest<HTMLElement>(".row");
    if (!cell || !row) return;
    const column = this.#columns[[...row.children].indexOf(cell)];
    const entity = this.#rows[Number(row.dataset.index)];
    if (column && this.#handlers.editable(entity, column)) this.#handlers.edit(entity, column, cell);
  }

  /** Moves the selection by rows; the row stays in sight. */
  #move(by: number): void {
    const index = Math.min(this.#rows.length - 1, Math.max(0, this.#rows.indexOf(this.#selected) + by));
    const top = index * rowHeight;
    const { scrollTop, clientHeight } = this.#scroller;
    if (top < scrollTop) this.#scroller.scrollTop = top;
    else if (top + 2 * rowHeight > scrollTop + clientHeight) this.#scroller.scrollTop = top + 2 * rowHeight - clientHeight;
    this.selected = this.#rows[index];
  }

  #onKey(event: KeyboardEvent): void {
    if (this.#rows.includes(this.#selected)) {
      const column = this.#columns.find((each) => this.#handlers.editable(this.#selected, each));
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        return this.#move(event.key === "ArrowDown" ? 1 : -1);
      }
      if ((event.key === "Enter" || event.key === "F2") && column) {
        event.preventDefault();
        return this.edit(this.#selected, column.path);
      }
    }
    const page = this.#scroller.clientHeight - 2 * rowHeight;
    const steps: Record<string, number> = {
      ArrowDown: rowHeight, ArrowUp: -rowHeight, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity, " ": page,
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const end = this.#scroller.scrollHeight;
    this.#scroller.scrollTop = Math.min(end, Math.max(0, this.#scroller.scrollTop + step));
  }
}

function element(tag: string, name: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = name;
  return made;
}
