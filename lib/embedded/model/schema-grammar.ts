import { badRequest } from "./errors.ts";

/**
 * A JSON schema as a llama.cpp grammar (GBNF). Objects are written with their properties in the schema's order, at most
 * one space between things: fewer tokens, and always the same form. Optional properties may be left out.
 * What a grammar cannot say (patterns, numeric ranges, uniqueness) is not enforced.
 */
type Schema = Record<string, unknown>;

const isObject = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const literal = (text: string): string =>
  `"${text.replace(/[\\"]/g, "\\$&").replace(/\n/g, "\\n").replace(/\r/g, "\\r").replace(/\t/g, "\\t")}"`;

const builtins: Record<string, string> = {
  gap: '" "?',
  char: '[^"\\\\\\x00-\\x1F\\x7F] | "\\\\" (["\\\\/bfnrt] | "u" [0-9a-fA-F] [0-9a-fA-F] [0-9a-fA-F] [0-9a-fA-F])',
  string: '"\\"" char* "\\""',
  integer: '"-"? ("0" | [1-9] [0-9]{0,15})',
  number: 'integer ("." [0-9]{1,16})? ([eE] [-+]? [0-9]{1,3})?',
  boolean: '"true" | "false"',
  null: '"null"',
  value: "object | array | string | number | boolean | null",
  member: 'string ":" gap value',
  object: '"{" gap (member ("," gap member)*)? gap "}"',
  array: '"[" gap (value ("," gap value)*)? gap "]"',
};

const mostNesting = 64;

/** Any JSON object: what `response_format: json_object` asks for. */
export function anyObjectGrammar(): string {
  return render(new Map([["root", "object"]]));
}

/** @throws ApiError 400 naming `param` where the schema says something that cannot be kept. */
export function schemaGrammar(schema: unknown, param: string): string {
  const rules = new Map<string, string>();
  const references = new Map<string, string>();
  let count = 0;

  const add = (body: string): string => {
    const name = `r${count++}`;
    rules.set(name, body);
    return name;
  };

  function resolve(reference: string): Schema {
    if (reference !== "#" && !reference.startsWith("#/"))
      throw badRequest(`The schema refers to ${reference}: only references inside the schema can be followed.`, param);
    let at: unknown = schema;
    for (const key of reference.split("/").slice(1)) {
      const name = key.replaceAll("~1", "/").replaceAll("~0", "~");
      at = isObject(at) ? at[name] : undefined;
    }
    if (!isObject(at)) throw badRequest(`The schema refers to ${reference}, which it does not hold.`, param);
    return at;
  }

  function referred(reference: string, depth: number): string {
    const known = references.get(reference);
    if (known) return known;
    const name = `r${count++}`;
    // Named before it is visited: a schema may refer to itself.
    references.set(reference, name);
    rules.set(name, visit(resolve(reference), depth + 1));
    return name;
  }

  function objectRule(node: Schema, depth: number): string {
    const properties = isObject(node.properties) ? Object.entries(node.properties) : [];
    const required = new Set(Array.isArray(node.required) ? node.required : []);
    if (properties.length === 0) {
      if (node.additionalProperties === false) return '"{" gap "}"';
      if (!isObject(node.additionalProperties)) return "object";
      const member = add(`string ":" gap (${visit(node.additionalProperties, depth + 1)})`);
      return `"{" gap (${member} ("," gap ${member})*)? gap "}"`;
    }
    const members = properties.map(([key, child]) => ({
      rule: add(`${literal(JSON.stringify(key))} ":" gap (${visit(child, depth + 1)})`),
      optional: !required.has(key),
    }));
    // rests[i] writes what may follow member i; a comma belongs to the member it precedes.
    const rests: string[] = [];
    let rest = "";
    for (const { rule, optional } of members.toReversed()) {
      rests.unshift(rest);
      const here = `"," gap ${rule} ${rest}`;
      rest = add(optional ? `${here} | ${rest === "" ? '""' : rest}` : here);
    }
    const starts: string[] = [];
    let mayBeEmpty = true;
    for (const [index, { rule, optional }] of members.entries()) {
      starts.push(`${rule} ${rests[index] ?? ""}`);
      if (optional) continue;
      mayBeEmpty = false;
      break;
    }
    return `"{" gap (${starts.join(" | ")})${mayBeEmpty ? "?" : ""} gap "}"`;
  }

  function arrayRule(node: Schema, depth: number): string {
    const item = node.items === undefined ? "value" : add(visit(node.items, depth + 1));
    const least = typeof node.minItems === "number" ? node.minItems : 0;
    const most = typeof node.maxItems === "number" ? node.maxItems : null;
    if (most === 0) return '"[" gap "]"';
    const more = `("," gap ${item}){${Math.max(0, least - 1)},${most === null ? "" : most - 1}}`;
    return least > 0 ? `"[" gap ${item} ${more} gap "]"` : `"[" gap (${item} ${more})? gap "]"`;
  }

  function stringRule(node: Schema): string {
    const least = typeof node.minLength === "number" ? node.minLength : 0;
    const most = typeof node.maxLength === "number" ? node.maxLength : null;
    if (least === 0 && most === null) return "string";
    return `"\\"" char{${least},${most ?? ""}} "\\""`;
  }

  function typed(type: unknown, node: Schema, depth: number): string {
    switch (type) {
      case "object":
        return objectRule(node, depth);
      case "array":
        return arrayRule(node, depth);
      case "string":
        return stringRule(node);
      case "integer":
      case "number":
      case "boolean":
      case "null":
        return type;
      default:
        throw badRequest(`The schema has the unknown type ${JSON.stringify(type)}.`, param);
    }
  }

  function visit(node: unknown, depth: number): string {
    if (depth > mostNesting) throw badRequest("The schema is nested too deeply.", param);
    if (node === true) return "value";
    if (!isObject(node)) throw badRequest("A schema must be an object.", param);
    if (typeof node.$ref === "string") return referred(node.$ref, depth);
    if ("const" in node) return literal(JSON.stringify(node.const));
    if (Array.isArray(node.enum)) return `(${node.enum.map((value) => literal(JSON.stringify(value))).join(" | ")})`;
    const branches = node.anyOf ?? node.oneOf;
    if (Array.isArray(branches)) return `(${branches.map((branch) => add(visit(branch, depth + 1))).join(" | ")})`;
    if (Array.isArray(node.allOf))
      return visit({ ...node, ...Object.assign({}, ...node.allOf.filter(isObject)), allOf: undefined }, depth + 1);
    if (Array.isArray(node.type)) return `(${node.type.map((type) => add(typed(type, node, depth))).join(" | ")})`;
    if (node.type !== undefined) return typed(node.type, node, depth);
    if (isObject(node.properties)) return objectRule(node, depth);
    return node.items === undefined ? "value" : arrayRule(node, depth);
  }

  rules.set("root", visit(schema, 0));
  return render(rules);
}

function render(rules: ReadonlyMap<string, string>): string {
  return [...Object.entries(builtins), ...rules].map(([name, body]) => `${name} ::= ${body}`).join("\n");
}
