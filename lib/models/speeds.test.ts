import { expect, test } from "vitest";
import type { Capabilities } from "./capabilities.ts";
import { speedsOf } from "./speeds.ts";

const reached = (one: Partial<Capabilities>) => {
  const capabilities = { model: "m", slots: 16, tokenMs: 40, ...one } as Capabilities;
  return {
    capabilities: { assistant: capabilities, simulator: capabilities, judge: capabilities },
    replyMs: () => 8000,
  };
};

test("a slow machine takes six futures at once, each further one at .73 of a lone one's time", () => {
  expect(speedsOf(reached({}))).toEqual({
    reply: 8000,
    user: 960,
    assistant: 1920,
    judge: 640,
    reading: 40,
    slots: 6,
    crowding: expect.closeTo(4.65),
  });
  expect(speedsOf(reached({ slots: 2 }))).toMatchObject({ slots: 2, crowding: expect.closeTo(1.73) });
});

test("two turns at once share a slow machine, and each future takes twice as long", () => {
  expect(speedsOf(reached({}), {}, 2)).toMatchObject({ user: 1920, assistant: 3840, reading: 80, reply: 8000 });
  expect(speedsOf(reached({ tokenMs: 8 }), {}, 2)).toMatchObject({ user: 192 });
});

test("on a slow machine logged times, taken among others, never lengthen what a call takes alone", () => {
  expect(speedsOf(reached({}), { user: 7000, assistant: 1500 })).toMatchObject({ user: 960, assistant: 1500 });
});

test("a fast endpoint is as its logs say, all its slots at once", () => {
  expect(speedsOf(reached({ tokenMs: 8, slots: 24 }), { user: 700 })).toMatchObject({
    user: 700,
    assistant: 512,
    reading: 0,
    slots: 24,
    crowding: 1,
  });
  expect(speedsOf(reached({ tokenMs: null, slots: null }))).toMatchObject({ user: 240, slots: 8, crowding: 1 });
});
