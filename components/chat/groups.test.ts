import { expect, test } from "vitest";
import { groupsOf, matches, searched } from "./groups.ts";

const now = new Date(2026, 10, 22, 12).getTime();
const at = (days: number, pinned = false) => ({
  id: String(days),
  title: `An email, ${days} days old`,
  updatedAt: new Date(now - days * 86_400_000).toISOString(),
  pinned,
});

test("pinned first, then by day; empty groups are left out", () => {
  const groups = groupsOf([at(0), at(1), at(3), at(30), at(40, true)], now);
  expect(groups.map((group) => group.name)).toEqual(["Pinned", "Today", "Yesterday", "Last seven days", "Earlier"]);
  expect(groupsOf([at(3)], now).map((group) => group.name)).toEqual(["Last seven days"]);
});

test("a title is found by its words in any order and case", () => {
  expect(matches(at(3), "EMAIL an")).toBe(true);
  expect(matches(at(3), "email letter")).toBe(false);
  expect(matches(at(3), "")).toBe(true);
});

test("a search lists what its titles say and what the server found, once each and newest first", () => {
  const found = [{ ...at(5), excerpt: "an email" }, at(1)];
  const renamed = { ...at(5), title: "A poem" };
  const list = searched([at(1), { ...at(2), title: "A poem" }, renamed, at(9)], found, "email");
  expect(list.map((each) => each.id)).toEqual(["1", "5", "9"]);
  // What stands in the list is newer than what was found.
  expect(list[1]).toEqual({ ...renamed, excerpt: "an email" });
});
