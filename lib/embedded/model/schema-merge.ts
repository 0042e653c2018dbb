import { badRequest } from "./errors.ts";

export type Schema = Record<string, unknown>;

export const isObject = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

/** Types that both lists allow; an integer is a number. */
function commonTypes(left: unknown, right: unknown): unknown[] {
  const [ones, others] = [listOf(left), listOf(right)];
  return ones
    .map((type) => (type === "number" && !others.includes(type) ? "integer" : type))
    .filter((type) => others.includes(type) || (type === "integer" && others.includes("number")));
}

const same = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);
const tighter: Record<string, (left: number, right: number) => number> = {
  minLength: Math.max,
  minItems: Math.max,
  maxLength: Math.min,
  maxItems: Math.min,
};
/** What shapes the text and can be said only once. */
const single = new Set(["$ref", "const", "enum", "anyOf", "oneOf"]);
const shaping = new Set([...single, ...Object.keys(tighter), "allOf", "items", "properties", "required", "type"]);

/** Whether it says anything of the text, and not only describes it. */
export const shapes = (schema: Schema): boolean => Object.keys(schema).some((key) => shaping.has(key));

/** One schema for what must fit both, still to be merged; not nested deeper the more there are. */
const bothOf = (before: unknown, next: unknown): Schema =>
  isObject(before) && Array.isArray(before.allOf) && Object.keys(before).length === 1
    ? { allOf: [...before.allOf, next] }
    : { allOf: [before, next] };

/**
 * The schema that says what both say.
 * @throws ApiError 400 naming `param` where they cannot be said in one.
 */
export function mergeSchemas(left: Schema, right: Schema, param: string): Schema {
  const merged: Schema = { ...left };
  for (const [key, value] of Object.entries(right)) {
    const before = merged[key];
    const tighten = tighter[key];
    if (before === undefined) merged[key] = value;
    else if (key === "properties" && isObject(before) && isObject(value)) {
      const both = { ...before };
      for (const [name, child] of Object.entries(value))
        both[name] = Object.hasOwn(before, name) ? bothOf(before[name], child) : child;
      merged.properties = both;
    } else if (key === "items") merged.items = bothOf(before, value);
    else if (key === "required") merged.required = [...new Set([...listOf(before), ...listOf(value)])];
    else if (key === "allOf") merged.allOf = [...listOf(before), ...listOf(value)];
    else if (key === "type") {
      const types = commonTypes(before, value);
      if (types.length === 0) throw badRequest("The schema's allOf leaves no type that fits all its parts.", param);
      merged.type = types.length === 1 ? types[0] : types;
    } else if (tighten && typeof before === "number" && typeof value === "number") merged[key] = tighten(before, value);
    else if (single.has(key) && !same(before, value))
      throw badRequest(`The schema's allOf says ${key} in two ways.`, param);
    else merged[key] = value;
  }
  return merged;
}
