import { globSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { EnvironmentError, parseEnvironment } from "./env.ts";
import { shapeOf } from "./shape.ts";

const secret = "hush-hush-this-must-never-be-shown";

function refusal(source: Record<string, string>): EnvironmentError {
  try {
    parseEnvironment(source);
  } catch (error) {
    if (error instanceof EnvironmentError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("the environment", () => {
  it("needs nothing to be set", () => {
    expect(parseEnvironment({})).toMatchObject({
      port: 3000,
      databaseUrl: undefined,
      openaiApiKey: undefined,
      openaiBaseUrl: undefined,
      openaiModel: undefined,
      preset: "balanced",
      dataFolder: resolve(".data"),
    });
  });

  it("takes an empty value for an unset one", () => {
    const empty = { PORT: "", DATABASE_URL: " ", OPENAI_API_KEY: "", PARLEY_PRESET: "", PARLEY_DATA: "" };
    expect(parseEnvironment(empty)).toEqual(parseEnvironment({}));
  });

  it("takes an empty cache home for an unset one too", () => {
    expect(parseEnvironment({ XDG_CACHE_HOME: "", LOCALAPPDATA: "" })).toEqual(parseEnvironment({}));
  });

  it("lets the other two models be the one that answers", () => {
    const { simulatorModel, judgeModel } = parseEnvironment({ OPENAI_MODEL: "a", JUDGE_MODEL: "b" });
    expect([simulatorModel, judgeModel]).toEqual(["a", "b"]);
  });

  it("takes a base URL with or without a slash at its end", () => {
    expect(parseEnvironment({ OPENAI_BASE_URL: "http://localhost:1/v1/" }).openaiBaseUrl).toBe("http://localhost:1/v1");
  });

  it("keeps weights in the user's cache folder", () => {
    expect(parseEnvironment({ XDG_CACHE_HOME: "/cache" }).cacheFolder).toBe(
      process.platform === "linux" ? "/cache/parley" : join(homedir(), "Library/Caches/parley"),
    );
    expect(parseEnvironment({ PARLEY_CACHE: "/elsewhere" }).cacheFolder).toBe("/elsewhere");
  });

  it.each([
    ["PORT", "no-port"],
    ["PORT", "70000"],
    ["PORT", "30.5"],
    ["DATABASE_URL", secret],
    ["DATABASE_URL", `mysql://${secret}@localhost/parley`],
    ["OPENAI_API_KEY", `${secret} ${secret}`],
    ["OPENAI_BASE_URL", `localhost:11434/${secret}`],
    ["OPENAI_BASE_URL", `ftp://${secret}/v1`],
    ["OPENAI_BASE_URL", `http://user:${secret}@localhost/v1`],
    ["OPENAI_BASE_URL", `http://${secret}@localhost/v1`],
    ["OPENAI_BASE_URL", `http://localhost/v1?key=${secret}`],
    ["OPENAI_BASE_URL", `http://localhost/v1#${secret}`],
    ["PARLEY_PRESET", secret],
    ["PARLEY_SECRET", "hush"],
  ])("refuses %s=%s, names it and the cure, and never shows the value", (name, value) => {
    const { variable, message, cure } = refusal({ [name]: value });
    expect(variable).toBe(name);
    expect(message).toContain(name);
    expect(message).toContain(`${value.length} characters`);
    expect(cure).not.toBe("");
    expect(message + cure).not.toContain("hush");
  });
});

it("a key in the base URL is sent to where it belongs", () => {
  const { cure } = refusal({ OPENAI_BASE_URL: `https://:${secret}@localhost/v1` });
  expect(cure).toContain("OPENAI_API_KEY");
});

it("process.env has one reader in all of lib, app and components", () => {
  const root = join(import.meta.dirname, "../..");
  const files = globSync("{lib,app,components}/**/*.{ts,tsx}", {
    cwd: root,
    exclude: (path) => /generated|\.test\.tsx?$/.test(path),
  });
  expect(files.length).toBeGreaterThan(200);
  const readers = files.filter((path) => readFileSync(join(root, path), "utf8").includes("process.env"));
  expect(readers).toEqual(["lib/server/env.ts"]);
});

describe("the shape of a value", () => {
  it.each([
    [undefined, "empty"],
    ["x", "1 character"],
    ["3000", "4 characters, a number"],
    ["'quoted'", "8 characters, in quotes"],
    ["two words", "9 characters, with white space inside"],
    ["mysql://me:pw@host/db", "21 characters, beginning with mysql://"],
  ])("of %s is %s", (value, shape) => {
    expect(shapeOf(value)).toBe(shape);
  });
});
