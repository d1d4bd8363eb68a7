import { Collection, Entity, value } from "ftrack-wasm";

/** A column of the table: one projection of the query. */
export interface Column {
  readonly path: string;
  readonly label: string;
  /** Share of the width, and the least it takes in pixels. */
  readonly weight: number;
  readonly least: number;
  readonly kind: "text" | "chip" | "date" | "number";
}

/** The columns that a query's text asks for; `defaults` when it selects nothing by name. */
export function columnsOf(expression: string, defaults: readonly string[]): Column[] {
  const list = /^\s*select\s+([\s\S]+?)\s+from\s/i.exec(expression)?.[1];
  const paths = list === undefined ? [...defaults] : list.split(",").map((path) => path.trim()).filter(Boolean);
  return paths.filter((path) => !/(^|\.)color$/.test(path)).map(columnOf);
}

function columnOf(path: string): Column {
  const names = path.replace(/\[[^\]]*\]/g, "").split(".");
  const last = names.at(-1) ?? path;
  const kind = /(^|_)date$|_at$|^(start|end|date)$/.test(last) ? "date" : /^status\.name$|\.status\.name$/.test(path) ? "chip" : /^(bid|sort|time_logged|version|size)$/.test(last) ? "number" : "text";
  const wide = last === "name" || last === "description" || last === "content" || last === "full_name";
  return { path, label: labelOf(path, names), weight: kind === "text" ? (wide && names.length === 1 ? 3 : 2) : 1, least: kind === "date" ? 104 : kind === "number" ? 72 : 120, kind };
}

/** "status.name" is headed Status, "parent.name" Parent, "end_date" End date. */
function labelOf(path: string, names: readonly string[]): string {
  if (/\(/.test(path)) return path;
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
const quantity = new Intl.NumberFormat();

/** A value as a person reads it. Nothing is shown for what is empty or not loaded. */
export function textOf(of: unknown, column: Column): string {
  if (of === null || of === undefined) return "";
  if (of instanceof Date) return day.format(of);
  if (typeof of === "number") return quantity.format(of);
  if (typeof of === "boolean") return of ? "yes" : "no";
  if (of instanceof Entity) return String(value(of, "name") ?? of.entityType);
  if (of instanceof Collection) return of.loaded ? textOf([...of], column) : "";
  if (Array.isArray(of)) return of.map((item) => textOf(item, column)).filter(Boolean).join(", ");
  return typeof of === "object" ? JSON.stringify(of) : String(of);
}
