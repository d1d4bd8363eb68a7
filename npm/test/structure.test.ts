import { AccessorResourceIdentifierError, EntityIdStructure, IdStructure, OriginStructure, SequencePattern, StandardStructure, StructureError, fileTypeOf, splitIdentifier } from "ftrack-wasm";
import type { ComponentDescription, Structure } from "ftrack-wasm";
import { expect, test } from "vitest";
import vectors from "./location-vectors.json" with { type: "json" };

interface Described {
  kind: string;
  prefix?: string;
  versionsPrefix?: string;
  substitute?: string;
  keepNames?: boolean;
}

function structureOf({ kind, prefix, versionsPrefix, substitute, keepNames }: Described): Structure {
  if (kind === "standard") return new StandardStructure({ projectVersionsPrefix: versionsPrefix, illegalCharacterSubstitute: keepNames ? null : substitute });
  if (kind === "id") return new IdStructure({ prefix });
  return kind === "origin" ? new OriginStructure() : new EntityIdStructure();
}

test.each(vectors.structures as { what: string; structure: Described; component: unknown; source?: string; identifier?: string }[])(
  "structures: $what",
  ({ structure, component, source, identifier }) => {
    const make = (): string => structureOf(structure).resourceIdentifier(component as ComponentDescription, source);
    if (identifier === undefined) expect(make).toThrow(StructureError);
    else expect(make()).toBe(identifier);
  },
);

test("patterns are read and written", () => {
  for (const row of vectors.patterns as { text: string; head?: string; padding?: number; tail?: string; indexes?: number[]; files?: string[]; shown?: string }[]) {
    const pattern = SequencePattern.parse(row.text);
    expect(pattern === undefined, row.text).toBe(row.head === undefined);
    if (!pattern) continue;
    expect(pattern).toMatchObject({ head: row.head, padding: row.padding, tail: row.tail, indexes: row.indexes });
    expect(pattern.indexes.map((i) => pattern.file(i))).toEqual(row.files);
    expect(String(pattern)).toBe(row.shown);
  }
  for (const { names, shown } of vectors.sequences as { names: string[]; shown?: string }[]) {
    expect(SequencePattern.of(names)?.toString()).toBe(shown);
  }
});

test("file types are found from names", () => {
  for (const [name, type] of vectors.fileTypes) expect(fileTypeOf(name!)).toBe(type);
});

test("identifiers that leave their place are refused", () => {
  for (const identifier of Object.values(vectors.badIdentifiers)) expect(() => splitIdentifier(identifier), identifier).toThrow(AccessorResourceIdentifierError);
  for (const identifier of vectors.goodIdentifiers) expect(splitIdentifier(identifier)).toEqual(identifier.normalize("NFC").split("/"));
  expect(() => splitIdentifier("a\ud800b")).toThrow(AccessorResourceIdentifierError);
});
