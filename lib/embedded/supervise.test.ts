import { expect, test, vi } from "vitest";
import { supervise } from "./supervise.ts";

test("whoever is told to stop starts nothing more", async () => {
  const supervisor = supervise(
    () => undefined,
    () => undefined,
  );
  await supervisor.stop();
  const start = vi.fn();
  await expect(supervisor.add({ name: "Web server", start })).rejects.toThrow("being stopped");
  expect(start).not.toHaveBeenCalled();
});
