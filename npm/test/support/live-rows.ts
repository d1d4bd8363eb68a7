import type { Session } from "ftrack-wasm";

/** A row as text, with collections in one order. */
function textOf(row: unknown): string {
  return JSON.stringify(row, (_, value: unknown) => (Array.isArray(value) ? value.map((each) => textOf(each)).sort() : value)) ?? "undefined";
}

/** Rows as text; in one order where the query has none. Text is why there are none. */
export type Rows = readonly unknown[] | "refused";
const textsOf = (expression: string, rows: Rows): string[] => (rows === "refused" ? [rows] : expression.includes("order by") ? rows.map(textOf) : rows.map(textOf).sort());

/** What only one of two lists has, or that their order differs. */
export function difference(expression: string, expected: Rows, shown: Rows): string[] {
  const [there, here] = [textsOf(expression, expected), textsOf(expression, shown)];
  if (there.join("\n") === here.join("\n")) return [];
  const only = [...there.filter((row) => !here.includes(row)).map((row) => `- ${row}`), ...here.filter((row) => !there.includes(row)).map((row) => `+ ${row}`)];
  return [expression, ...(only.length ? only : ["the order, or how often", ...here])];
}

const projections = (expression: string): string[] => /^select (.*?) from /.exec(expression)![1]!.split(",").map((path) => path.trim());

/** What the server answers now, as plain as lists show it. */
export async function ask(session: Session, expression: string): Promise<Rows> {
  try {
    if (expression.includes("count(")) return await session.query<object>(expression).all();
    return (await session.query<"Task">(expression).all()).map((row) => row.snapshot(projections(expression)));
  } catch {
    return "refused";
  }
}
