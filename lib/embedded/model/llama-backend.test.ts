import { expect, test, vi } from "vitest";
import { type Bindings, canBeCut, createBackend, type NativeContext } from "./llama-backend.ts";

function open(removed: boolean) {
  const native = {
    initBatch: () => undefined,
    addToBatch: () => new Uint32Array(),
    decodeBatch: async () => undefined,
    disposeSequence: vi.fn(),
    removeTokenCellsFromSequence: vi.fn(() => removed),
  };
  const bindings = {
    AddonSampler: class {
      applyConfig() {}
    },
  } as unknown as Bindings;
  const context = native as unknown as NativeContext;
  return { native, backend: createBackend(context, bindings, {}, 2, 512, async () => undefined) };
}

test("a state that can be cut is cut, and dropped only as a whole", async () => {
  const { native, backend } = open(true);
  backend.truncate(1, 600);
  expect(native.removeTokenCellsFromSequence).toHaveBeenCalledWith(1, 600, -1);
  expect(native.disposeSequence).not.toHaveBeenCalled();
  backend.truncate(1, 0);
  expect(native.disposeSequence).toHaveBeenCalledWith(1);
  expect(await canBeCut(backend)).toBe(true);
});

test("a cut that is refused leaves an empty lane and says so", async () => {
  const { native, backend } = open(false);
  expect(() => backend.truncate(1, 600)).toThrow(/cannot be cut at 600/);
  expect(native.disposeSequence).toHaveBeenCalledWith(1);
  native.disposeSequence.mockClear();
  expect(await canBeCut(backend)).toBe(false);
  expect(native.disposeSequence).toHaveBeenCalledWith(0);
});
