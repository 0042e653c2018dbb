import { defineConfig } from "prisma/config";

/** `npm run prisma` sets the variable; commands that need no database (generate, format) go without. */
const url = process.env.DATABASE_URL;

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  ...(url ? { datasource: { url } } : {}),
});
