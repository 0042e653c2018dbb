import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL(".", import.meta.url));
const alias = [{ find: /^@\//, replacement: root }];
const everywhere = ["node_modules/**", ".next/**"];

/**
 * Four kinds of tests, told apart by their file name:
 * *.test.ts (pure) · *.test.tsx (in a DOM) · *.integration.test.ts (real Postgres) · *.model.test.ts (real small model).
 */
export default defineConfig({
  resolve: { alias },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: [...everywhere, "**/*.integration.test.ts", "**/*.model.test.ts"],
        },
      },
      {
        extends: true,
        test: { name: "dom", environment: "happy-dom", include: ["**/*.test.tsx"], exclude: everywhere },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["**/*.integration.test.ts"],
          exclude: everywhere,
          globalSetup: ["e2e/support/postgres.ts"],
          fileParallelism: false,
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: "model",
          include: ["**/*.model.test.ts"],
          exclude: everywhere,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
