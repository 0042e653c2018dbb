import { badRequest } from "./errors.ts";
import { literal, render } from "./json-grammar.ts";
import { isObject, mergeSchemas, type Schema, shapes } from "./schema-merge.ts";

/**
 * A JSON schema as a llama.cpp grammar (GBNF). Objects are written with their properties in the schema's order, at most
 * one space between things: fewer tokens, and always the same form. Optional properties may be left out.
 * What a grammar cannot say (patterns, numeric ranges, uniqueness) is not enforced.
 */
const mostNesting = 64;
/** In characters of the grammar and properties merged. Larger ones llama.cpp compiles for seconds, or overflows its stack. */
const mostSize = 100_000;
/** What a merge costs beside: so there are at most a thousand. */
const mergeSize = 100;
/** Of one item; llama.cpp takes fewer than 2,000 rules in one, and a list's item is two. */
const mostLength = 1_999;
const mostItems = 999;
/** All together: each is a rule. */
const mostRepeats = 50_000;

/** @throws ApiError 400 naming `param` where the schema says something that cannot be kept. */
export function schemaGrammar(schema: unknown, param: string): string {
  const rules = new Map<string, string>();
  const references = new Map<string, string>();
  let count = 0;
  let size = 0;
  let repeats = 0;

  function grow(by: number): void {
    size += by;
    if (size > mostSize) throw badRequest("The schema is too large.", param);
  }

  function merge(left: Schema, right: Schema): Schema {
    grow(mergeSize + Object.keys({ ...left, ...(isObject(left.properties) ? left.properties : {}) }).length);
    return mergeSchemas(left, right, param);
  }

  function set(name: string, body: string): void {
    grow(body.length);
    rules.set(name, body);
  }

  const add = (body: string): string => {
    const name = `r${count++}`;
    set(name, body);
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
    set(name, visit(resolve(reference), depth + 1));
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

  function bound(node: Schema, key: string): number | null {
    const value = node[key];
    if (value === undefined) return null;
    if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
    throw badRequest(`The schema's ${key} must be a whole number.`, param);
  }

  /** How often something may stand there. An upper bound beyond what llama.cpp can count is left open, a lower one refused. */
  function range(node: Schema, leastKey: string, mostKey: string, limit: number): [number, number | null] {
    const least = bound(node, leastKey) ?? 0;
    const most = bound(node, mostKey);
    if (most !== null && most < least) throw badRequest(`The schema's ${mostKey} is below its ${leastKey}.`, param);
    if (least > limit) throw badRequest(`The schema's ${leastKey} is above ${limit}.`, param);
    const kept = most === null || most > limit ? null : most;
    repeats += kept ?? least;
    if (repeats > mostRepeats) throw badRequest("The schema is too large.", param);
    return [least, kept];
  }

  function arrayRule(node: Schema, depth: number): string {
    const item = node.items === undefined ? "value" : add(visit(node.items, depth + 1));
    const [least, most] = range(node, "minItems", "maxItems", mostItems);
    if (most === 0) return '"[" gap "]"';
    const more = `("," gap ${item}){${Math.max(0, least - 1)},${most === null ? "" : most - 1}}`;
    return least > 0 ? `"[" gap ${item} ${more} gap "]"` : `"[" gap (${item} ${more})? gap "]"`;
  }

  function stringRule(node: Schema): string {
    const [least, most] = range(node, "minLength", "maxLength", mostLength);
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

  /** The schema a part of another stands for, to be merged with it. */
  function whole(part: unknown, depth: number): Schema {
    if (depth > mostNesting) throw badRequest("The schema is nested too deeply.", param);
    if (part === true) return {};
    if (!isObject(part)) throw badRequest("A schema must be an object.", param);
    const { $ref, ...own } = part;
    return typeof $ref === "string" ? merge(own, whole(resolve($ref), depth + 1)) : part;
  }

  function oneOf(rules: readonly string[], what: string): string {
    if (rules.length === 0) throw badRequest(`The schema has an empty ${what}.`, param);
    return `(${rules.join(" | ")})`;
  }

  function visit(node: unknown, depth: number): string {
    if (depth > mostNesting) throw badRequest("The schema is nested too deeply.", param);
    if (node === true) return "value";
    if (!isObject(node)) throw badRequest("A schema must be an object.", param);
    const { $ref, ...beside } = node;
    if (typeof $ref === "string") return shapes(beside) ? visit(whole(node, depth), depth + 1) : referred($ref, depth);
    const { allOf, ...own } = node;
    if (Array.isArray(allOf)) {
      if (allOf.length === 1 && !shapes(own)) return visit(allOf[0], depth + 1);
      return visit(allOf.map((part) => whole(part, depth)).reduce(merge, own), depth + 1);
    }
    if ("const" in node) return literal(JSON.stringify(node.const));
    if (Array.isArray(node.enum))
      return oneOf(
        node.enum.map((value) => literal(JSON.stringify(value))),
        "enum",
      );
    const choice = Array.isArray(node.anyOf) ? "anyOf" : "oneOf";
    const { [choice]: branches, ...common } = node;
    if (Array.isArray(branches)) {
      const full = shapes(common) ? branches.map((branch) => merge(common, whole(branch, depth))) : branches;
      return oneOf(
        full.map((branch) => add(visit(branch, depth + 1))),
        choice,
      );
    }
    if (Array.isArray(node.type))
      return oneOf(
        node.type.map((type) => add(typed(type, node, depth))),
        "type",
      );
    if (node.type !== undefined) return typed(node.type, node, depth);
    if (isObject(node.properties)) return objectRule(node, depth);
    return node.items === undefined ? "value" : arrayRule(node, depth);
  }

  set("root", visit(schema, 0));
  return render(rules);
}
