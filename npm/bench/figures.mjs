/** The middle of some numbers. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** A number as it is printed: four digits that count. */
export function short(value) {
  return Number(value.toPrecision(4));
}

/** Median, least and most of a measurement. */
export function spread(values) {
  return { median: short(median(values)), least: short(Math.min(...values)), most: short(Math.max(...values)), runs: values.length };
}

/** Prints one figure: one JSON object a line. */
export function print(line) {
  console.log(JSON.stringify(line));
}

/** Prints a figure beside its bound. `relation` is "at least" or "at most". It says whether the bound holds; it fails nothing. */
export function compare(what, value, relation, bound, unit = "times", more = {}) {
  const holds = relation === "at least" ? value >= bound : value <= bound;
  print({ bound: what, value: short(value), unit, [relation === "at least" ? "atLeast" : "atMost"]: bound, holds, ...more });
}
