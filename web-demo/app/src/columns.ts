import { Collection, Entity, value } from "ftrack-wasm";

/** A column of the table: one projection of the query. */
export interface Column {
  readonly path: string;
  readonly label: string;
  /** Share of the width, and the least it takes in pixels. */
  readonly weight: number;
  readonly least: number;
  /** `hours`: a number of seconds, as ftrack keeps bids and logged time. */
  readonly kind: "text" | "chip" | "date" | "number" | "hours";
}

/** The columns that a query's text asks for; `defaults` when it selects nothing by name. */
export function columnsOf(expression: string, defaults: readonly string[]): Column[] {
  const list = /^\s*select\s+([\s\S]+?)\s+from\s/i.exec(expression)?.[1];
  const paths = list === undefined ? [...defaults] : list.split(",").map((path) => path.trim()).filter(Boolean);
  const colored = new Set(paths.filter((path) => path.endsWith(".name") && paths.includes(colorOf(path))));
  const colors = new Set([...colored].map(colorOf));
  return paths.filter((path) => !colors.has(path)).map((path) => columnOf(path, colored.has(path)));
}

/** Where the colour of a named thing is. */
export function colorOf(path: string): string {
  return path.replace(/name$/, "color");
}

/** A `status.name` whose `status.color` is selected too becomes a chip of that colour. */
function columnOf(path: string, colored: boolean): Column {
  const names = path.replace(/\[[^\]]*\]/g, "").split(".");
  const last = names.at(-1) ?? path;
  const kind = kindOf(path, last, colored);
  const wide = names.length === 1 && ["name", "description", "content", "full_name", "comment", "link"].includes(last);
  return { path, label: labelOf(path, names), weight: kind === "text" ? (wide ? 3 : 2) : 1, least: leastWidths[kind], kind };
}

const leastWidths: Record<Column["kind"], number> = { text: 96, chip: 144, date: 104, hours: 72, number: 72 };

function kindOf(path: string, last: string, colored: boolean): Column["kind"] {
  if (colored) return "chip";
  if (path.includes("(")) return "number";
  if (/(^|_)date$|_at$|^(start|end|date)$/.test(last)) return "date";
  if (/^(bid|time_logged|bid_time_logged_difference)$/.test(last)) return "hours";
  return /^(sort|version|size|frame_count)$/.test(last) ? "number" : "text";
}

/** "status.name" is headed Status, "parent.name" Parent, "end_date" End date. */
function labelOf(path: string, names: readonly string[]): string {
  if (/\(/.test(path)) return path;
  if (names[0] === "assignments") return "Assigned to";
  const telling = names.length > 1 && ["name", "username", "full_name"].includes(names.at(-1) ?? "") ? names.at(-2) : names.at(-1);
  const words = (telling ?? path).replace(/_/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The loaded value at the end of a path, without any request; members of a collection are listed. */
export function valueAt(row: unknown, path: string): unknown {
  if (!(row instanceof Entity)) return plainAt(row, path);
  let current: unknown = row;
  for (const segment of path.split(".")) {
    const name = segment.replace(/\[.*$/, "");
    if (current instanceof Collection) {
      current = current.loaded ? [...current] : undefined;
    }
    if (Array.isArray(current)) {
      current = current.map((item) => (item instanceof Entity ? value(item, name) : undefined));
    } else if (current instanceof Entity) {
      current = value(current, name);
    } else {
      return current;
    }
  }
  return current;
}

function plainAt(row: unknown, path: string): unknown {
  const key = path.replace(/\((.*)\)/, "_$1").replace(/\./g, "_").trim();
  const object = row as Record<string, unknown>;
  return object[path] ?? object[key];
}

const day = new Intl.DateTimeFormat(undefined, { year: "numeric", month: "short", day: "2-digit" });
const quantity = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

/** A value as a person reads it. Nothing is shown for what is empty or not loaded. */
export function textOf(of: unknown, column: Column): string {
  if (of === null || of === undefined) return "";
  if (of instanceof Date) return day.format(of);
  if (typeof of === "number") return column.kind === "hours" ? `${quantity.format(of / 3600)} h` : quantity.format(of);
  if (typeof of === "boolean") return of ? "yes" : "no";
  if (of instanceof Entity) return String(value(of, "name") ?? of.entityType);
  if (of instanceof Collection) return of.loaded ? textOf([...of], column) : "";
  if (isLink(of)) return of.map(({ name }) => name).join(" / ");
  if (Array.isArray(of)) return of.map((item) => textOf(item, column)).filter(Boolean).join(", ");
  return typeof of === "object" ? JSON.stringify(of) : String(of);
}

/** Whether a value is an entity's place in its project, from the project down. */
function isLink(of: unknown): of is { name: string }[] {
  return Array.isArray(of) && of.length > 0 && of.every((item) => typeof (item as { name?: unknown } | null)?.name === "string" && !(item instanceof Entity));
}
