import { describe, expect, test } from "vitest";
import { dateText, decodeTags, parseDateOnly, parseDateTime, parsePlainDateTime } from "../src/dates.js";

describe("a date and time", () => {
  test.each([
    ["2024-10-29T22:00:00", "2024-10-29T22:00:00.000Z"],
    ["2024-10-29 22:00:00", "2024-10-29T22:00:00.000Z"],
    ["2024-10-29T22:00:00Z", "2024-10-29T22:00:00.000Z"],
    ["2024-10-29T22:00:00.5", "2024-10-29T22:00:00.500Z"],
    ["2024-10-29T22:00:00.123456", "2024-10-29T22:00:00.123Z"],
    ["2024-10-29T22:00:00.123456+02:00", "2024-10-29T20:00:00.123Z"],
    ["2024-10-29T22:00:00-0530", "2024-10-30T03:30:00.000Z"],
    ["2024-10-29T22:00", "2024-10-29T22:00:00.000Z"],
    ["2024-10-29", "2024-10-29T00:00:00.000Z"],
    ["0001-01-01T00:00:00", "0001-01-01T00:00:00.000Z"],
    ["2024-02-29T23:59:59", "2024-02-29T23:59:59.000Z"],
  ])("%s is %s, whatever the zone of the machine", (text, expected) => {
    expect(parseDateTime(text).toISOString()).toBe(expected);
  });

  test.each(["", "yesterday", "2024-10", "2024-10-29T", "2024-10-2922:00:00xx", "2024-10-29T2x:00:00"])("%j is none", (text) => {
    expect(parseDateTime(text).getTime()).toBeNaN();
  });

  test.each(["2024-10-29T22:00:00", "2024-02-29T23:59:59", "2024-02-31T00:00:00", "2024-12-01T24:61:61", "1900-01-01T00:00:00", "9999-12-31T23:59:59"])(
    "%s is the same read from its bytes",
    (text) => {
      const bytes = new TextEncoder().encode(`"${text}"`);
      expect(parsePlainDateTime(bytes, 1, text.length)).toEqual(parseDateTime(text));
    },
  );

  test("is the same read from its bytes on every day of four centuries", () => {
    const encoder = new TextEncoder();
    for (let day = Date.UTC(1800, 0, 1); day < Date.UTC(2201, 0, 1); day += 86_400_000 + 3_723_000) {
      const text = new Date(day).toISOString().slice(0, 19);
      expect(parsePlainDateTime(encoder.encode(text), 0, 19)?.getTime()).toBe(day);
    }
  });

  test.each(["0001-01-01T00:00:00", "2024-13-01T00:00:00", "2024-00-01T00:00:00", "2024-10-29 22:00:00", "2024-10-29T22:00:00Z", "2024-10-29T22:00", "2024-10-29T2x:00:00", "2o24-10-29T22:00:00"])(
    "%s is not read from its bytes",
    (text) => {
      expect(parsePlainDateTime(new TextEncoder().encode(text), 0, text.length)).toBeUndefined();
    },
  );
});

test("a date alone stays text", () => {
  expect(parseDateOnly("2024-10-29T00:00:00")).toBe("2024-10-29");
});

test("a Date becomes ISO text", () => {
  expect([dateText(new Date("2024-10-29T22:00:00Z")), dateText(new Date("2024-10-29T22:00:00.25Z")), dateText(new Date(NaN))]).toEqual([
    "2024-10-29T22:00:00Z",
    "2024-10-29T22:00:00.250Z",
    null,
  ]);
});

test("tags are decoded at any depth, and only well-formed ones", () => {
  const decoded = decodeTags(JSON.parse('{"a":[{"__type__":"datetime","value":"2024-10-29T22:00:00"},{"__type__":"datetime"},{"__type__":"other","value":"x"}],"b":{"__type__":"date","value":"2024-10-29"}}'));
  expect(decoded).toEqual({ a: [new Date("2024-10-29T22:00:00Z"), { __type__: "datetime" }, { __type__: "other", value: "x" }], b: "2024-10-29" });
});
