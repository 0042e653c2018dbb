import { expect, test } from "vitest";
import { errorPart, errorPartOf } from "./failure.ts";

const failure = (code: string, cause?: unknown) => Object.assign(new Error("inside", { cause }), { code });

test("the stable word is found however deep it lies", () => {
  expect(errorPartOf(new Error("turn", { cause: new Error("port", { cause: failure("rate_limited") }) })).code).toBe(
    "rate_limited",
  );
  expect(errorPartOf(new AggregateError([new Error("draft", { cause: failure("model_timeout") })])).code).toBe(
    "model_timeout",
  );
});

test("what nobody knows is our fault, and its inside is not told", () => {
  for (const error of [new Error("secret"), failure("P2002"), "text", null, failure("toString")]) {
    const part = errorPartOf(error);
    expect(part.code).toBe("internal");
    expect(part.message).not.toContain("secret");
  }
});

test("every part says what to do; only what can never fit is not worth a second try", () => {
  expect(errorPart("message_too_long").retry).toBe(false);
  expect(errorPart("model_refused_key").retry).toBe(true);
  expect(errorPart("anything").message).not.toBe("");
});
