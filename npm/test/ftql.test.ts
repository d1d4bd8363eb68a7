import { InvalidArgumentError, ftql } from "ftrack-wasm";
import type { FtqlValue } from "ftrack-wasm";
import { describe, expect, test } from "vitest";
import vectors from "./ftql-vectors.json" with { type: "json" };
import { tasks, uuid } from "./support/fake-server.js";
import { openSession } from "./support/session.js";

describe("ftql", () => {
  test.each(vectors)("quotes $value as $quoted", ({ value, quoted }) => {
    expect(ftql`name is ${value as FtqlValue} and x`).toBe(`name is ${quoted} and x`);
  });

  test.each<[FtqlValue, string]>([
    [new Date("2024-10-29T22:00:00.999Z"), '"2024-10-29T22:00:00"'],
    [12345678901234567890n, "12345678901234567890"],
    [-0, "0"],
    [1e21, "1000000000000000000000"],
    [1.5e22, "15000000000000000000000"],
    [-2.5e-7, "-0.00000025"],
    [14400000, "14400000"],
  ])("writes %s as %s", (value, text) => {
    expect(ftql`${value}`).toBe(text);
  });

  test("puts in entities by their id", async () => {
    const { session, server } = await openSession();
    server.rows.set("Task", tasks(2));
    const rows = await session.query("select name from Task").all();
    expect(ftql`parent_id is ${rows[1]!}`).toBe(`parent_id is "${uuid(1)}"`);
    expect(ftql`id in ${rows}`).toBe(`id in ("${uuid(0)}", "${uuid(1)}")`);
  });

  test.each<[unknown, RegExp]>([
    [undefined, /undefined/],
    [NaN, /NaN/],
    [Infinity, /Infinity/],
    [new Date(NaN), /Date is invalid/],
    [{}, /object/],
    [() => 1, /function/],
    [[["a"]], /list within a list/],
    [Symbol("x"), /symbol/],
  ])("refuses %s", (value, message) => {
    expect(() => ftql`x is ${value as FtqlValue}`).toThrow(InvalidArgumentError);
    expect(() => ftql`x is ${value as FtqlValue}`).toThrow(message);
  });

  test("refuses a value within quotes: it would break out of them", () => {
    const text = " or name like ";
    expect(() => ftql`name is "${text}"`).toThrow(InvalidArgumentError);
    expect(() => ftql`name is "${text}"`).toThrow("leave them out");
    expect(() => ftql`name like '%${text}%' and id is ${"x"}`).toThrow("leave them out");
    expect(() => ftql`name is ${"x"} and note is "a \\" b ${text}"`).toThrow("leave them out");
    expect(ftql`name like "sh${10}%" and x is ${"y"}`).toBe('name like "sh10%" and x is "y"');
    expect(ftql`name is "it's" and x is 'a "b' and y is "\\"" and z is ${text}`).toBe(`name is "it's" and x is 'a "b' and y is "\\"" and z is "${text}"`);
  });

  test("refuses a list within parentheses", () => {
    expect(() => ftql`id in (${["a"]})`).toThrow("write in ${list}");
    expect(() => ftql`id in ( ${[]} )`).toThrow(InvalidArgumentError);
    expect(ftql`(id in ${["a"]})`).toBe('(id in ("a"))');
    expect(ftql`id in (${"a"}, ${"b"})`).toBe('id in ("a", "b")');
  });
});
