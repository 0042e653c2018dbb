import { describe, expect, test } from "vitest";
import { anyObjectGrammar } from "./json-grammar.ts";
import { schemaGrammar } from "./schema-grammar.ts";

const rootOf = (schema: unknown): string =>
  schemaGrammar(schema, "here")
    .split("\n")
    .find((line) => line.startsWith("root ::= ")) ?? "";

describe("schemaGrammar", () => {
  test("simple types", () => {
    expect(rootOf({ type: "boolean" })).toBe("root ::= boolean");
    expect(rootOf({ const: 'a "b"' })).toBe('root ::= "\\"a \\\\\\"b\\\\\\"\\""');
    expect(rootOf({ enum: [1, null] })).toBe('root ::= ("1" | "null")');
    expect(rootOf({ type: "string", maxLength: 3 })).toBe('root ::= "\\"" char{0,3} "\\""');
    expect(rootOf({})).toBe("root ::= value");
  });

  test("every rule that is used is there, and only integers without exponents", () => {
    const text = schemaGrammar(
      {
        type: "object",
        properties: { a: { type: "integer" }, b: { $ref: "#/$defs/node" }, c: { type: ["string", "null"] } },
        required: ["a"],
        $defs: { node: { type: "object", properties: { next: { $ref: "#/$defs/node" } } } },
      },
      "here",
    );
    const names = new Set(text.split("\n").map((line) => line.split(" ::= ")[0]));
    for (const line of text.split("\n")) {
      const body = line
        .slice(line.indexOf("::=") + 3)
        .replace(/"(\\.|[^"\\])*"/g, "")
        .replace(/\[(\\.|[^\]\\])*\]/g, "");
      for (const [name] of body.matchAll(/[a-z][a-z0-9]*/g)) expect(names).toContain(name);
    }
    expect(text).toContain('integer ::= "-"? ("0" | [1-9] [0-9]{0,15})');
  });

  test.each([
    [{ type: "odd" }, /unknown type/],
    [{ $ref: "#/$defs/none" }, /does not hold/],
    [{ $ref: "https://example.org/schema" }, /only references inside/],
    ["text", /must be an object/],
    [{ type: "string", minLength: 5, maxLength: 3 }, /maxLength is below/],
    [{ type: "array", minItems: 2, maxItems: 1 }, /maxItems is below/],
    [{ type: "string", minLength: 1.5 }, /minLength must be a whole number/],
    [{ type: "string", minLength: -1 }, /minLength must be a whole number/],
    [{ type: "string", minLength: 5_000 }, /minLength is above 1999/],
    [{ enum: [] }, /empty enum/],
    [{ anyOf: [] }, /empty anyOf/],
    [{ type: [] }, /empty type/],
    [{ allOf: [{ type: "string" }, { type: "object" }] }, /no type that fits/],
    [{ allOf: [{ const: 1 }, { const: 2 }] }, /says const in two ways/],
    [{ $ref: "#/$defs/a", $defs: { a: { allOf: [{ $ref: "#/$defs/a" }, { type: "string" }] } } }, /too deeply/],
  ])("refuses %j", (schema, message) => {
    expect(() => schemaGrammar(schema, "here")).toThrow(message);
  });

  test("an upper bound beyond what llama.cpp can count is left open", () => {
    expect(rootOf({ type: "string", maxLength: 1_999 })).toContain("{0,1999}");
    expect(rootOf({ type: "string", minLength: 2, maxLength: 2_000 })).toBe('root ::= "\\"" char{2,} "\\""');
    expect(rootOf({ type: "array", maxItems: 1_000 })).toContain("{0,}");
  });

  const members = (count: number, child: object) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, child]));
  test.each([
    [{ type: "object", properties: members(20_000, { type: "null" }) }],
    [{ enum: Object.keys(members(20_000, {})) }],
    [{ type: "object", properties: members(100, { type: "string", maxLength: 1_999 }) }],
    [{ allOf: Array.from({ length: 100_000 }, (_, index) => ({ properties: { [`key${index}`]: { type: "null" } } })) }],
    [{ allOf: Array.from({ length: 200_000 }, () => ({ properties: { key: { type: "null" } } })) }],
  ])("a schema that llama.cpp would choke on is refused, and soon", (schema) => {
    const began = performance.now();
    expect(() => schemaGrammar(schema, "here")).toThrow(/too large/);
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  const a = { type: "object", properties: { a: { type: "null" } }, required: ["a"] };
  const b = { type: "object", properties: { b: { type: "null" } }, required: ["b"] };
  const both = schemaGrammar(
    { type: "object", properties: { a: { type: "null" }, b: { type: "null" } }, required: ["a", "b"] },
    "here",
  );
  test.each([
    [{ allOf: [a, b] }],
    [{ allOf: [{ $ref: "#/$defs/a" }, { $ref: "#/$defs/b" }], $defs: { a, b } }],
    [{ ...a, allOf: [b] }],
    [{ $ref: "#/$defs/a", properties: b.properties, required: b.required, $defs: { a: { allOf: [a] } } }],
    [{ allOf: [a, a, b, a] }],
    [{ allOf: [a, { allOf: [b, { description: "the second" }] }] }],
  ])("what all parts say is kept: %j", (schema) => {
    const keys = (text: string) => [...text.matchAll(/"\\"(.)\\"" ":"/g)].map(([, key]) => key).toSorted();
    const text = schemaGrammar(schema, "here");
    expect(keys(text)).toEqual(keys(both));
    // None may be left out.
    expect(text).not.toContain('| ""');
  });

  test("a list's items fit all parts", () => {
    const list = (items: object) => ({ type: "array", items });
    const text = schemaGrammar({ allOf: [list({ type: ["integer", "null"] }), list({ type: "number" })] }, "here");
    expect(text).toContain("r0 ::= integer");
  });

  test("bounds of all parts hold, and an integer is a number", () => {
    const text = { allOf: [{ type: "string", minLength: 1, maxLength: 9 }, { minLength: 2 }, { maxLength: 5 }] };
    expect(rootOf(text)).toBe('root ::= "\\"" char{2,5} "\\""');
    expect(rootOf({ allOf: [{ type: ["number", "null"] }, { type: "integer" }] })).toBe("root ::= integer");
    expect(rootOf({ allOf: [{ $ref: "#/$defs/n" }], $defs: { n: { type: "null" } } })).toBe("root ::= r0");
  });

  test("what stands beside anyOf holds in each branch", () => {
    const text = schemaGrammar({ ...a, anyOf: [b, { properties: { c: { const: 1 } } }] }, "here");
    expect([...text.matchAll(/"\\"a\\"" ":"/g)]).toHaveLength(2);
  });

  test("a schema nested without end is refused, not followed", () => {
    let schema: object = { type: "null" };
    for (let depth = 0; depth < 200; depth++) schema = { type: "array", items: schema };
    expect(() => schemaGrammar(schema, "here")).toThrow(/too deeply/);
  });
});

test("anyObjectGrammar starts with an object", () => {
  expect(anyObjectGrammar()).toContain("root ::= object");
});
