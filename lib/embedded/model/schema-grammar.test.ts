import { describe, expect, test } from "vitest";
import { anyObjectGrammar, schemaGrammar } from "./schema-grammar.ts";

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
  ])("refuses %j", (schema, message) => {
    expect(() => schemaGrammar(schema, "here")).toThrow(message);
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
