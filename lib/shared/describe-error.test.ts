import { JSONParseError, TypeValidationError } from "ai";
import { expect, test } from "vitest";
import { describeError, placeOf } from "./describe-error.ts";

class PrismaClientValidationError extends Error {
  override readonly name = "PrismaClientValidationError";
}

test("names, codes and causes are told", () => {
  const cause = Object.assign(new Error("connection refused"), { code: "ECONNREFUSED" });
  expect(describeError(new TypeError("fetch failed", { cause }))).toBe(
    "TypeError: fetch failed ← Error ECONNREFUSED: connection refused",
  );
  expect(describeError("words")).toBe("string");
});

test("what the database client quotes of people's texts is not", () => {
  const error = new PrismaClientValidationError(
    'Invalid invocation:\n{\n  data: {\n    text: "my secret",\n    kind: "wrong"\n  }\n}\n\nInvalid value for argument `kind`.',
  );
  expect(describeError(error)).toBe("PrismaClientValidationError: Invalid value for argument `kind`.");
  expect(placeOf(error).join()).not.toContain("secret");
  expect(placeOf(error)[0]).toMatch(/^at /);
});

test("what could not be read is not quoted either", () => {
  const unreadable = new JSONParseError({ text: "my secret", cause: parsed("my secret") });
  const invalid = new TypeValidationError({ value: { text: "my secret" }, cause: parsed("my secret") });
  for (const cause of [unreadable, invalid]) {
    const told = describeError(new Error("The model's answer broke off.", { cause }));
    expect(told).toMatch(/^Error: The model's answer broke off\. ← AI_\w+ ← SyntaxError$/);
  }
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
}

test("a ring of causes ends", () => {
  const error = new Error("round");
  error.cause = error;
  expect(describeError(error).length).toBeLessThan(200);
});
