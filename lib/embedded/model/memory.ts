/** Bytes a model needs, known before anything is loaded. */
export interface ModelShape {
  readonly fileBytes: number;
  /** Of one token in one lane, keys and values as 16-bit floats. */
  readonly stateBytesPerToken: number;
  readonly trainedTokens: number;
  readonly vocabulary: number;
}

export interface MemoryPlan {
  readonly slots: number;
  readonly contextTokens: number;
  readonly weightsBytes: number;
  readonly lanesBytes: number;
  readonly workBytes: number;
  readonly cacheBytes: number;
  readonly totalBytes: number;
}

export class DoesNotFit extends Error {
  override readonly name = "DoesNotFit";
}

export const defaultSlots = 16;
export const defaultContext = 4_096;
export const leastContext = 512;
/** The process itself: Node, buffers of the add-on, room to breathe. */
const processBytes = 300e6;
const mostCacheBytes = 1e9;
const leastCacheBytes = 64e6;

/** Prompt tokens read at once and one for each lane that steps. */
export const batchTokensFor = (slots: number): number => 128 + slots;

export function memoryNeeded(shape: ModelShape, slots: number, contextTokens: number, cacheBytes: number): MemoryPlan {
  // The file is mapped, and its matrices are held a second time in the order the processor likes.
  const weightsBytes = shape.fileBytes * 2;
  const lanesBytes = shape.stateBytesPerToken * contextTokens * slots;
  const workBytes = processBytes + batchTokensFor(slots) * shape.vocabulary * 4 * 2;
  return {
    slots,
    contextTokens,
    weightsBytes,
    lanesBytes,
    workBytes,
    cacheBytes,
    totalBytes: weightsBytes + lanesBytes + workBytes + cacheBytes,
  };
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

export function describePlan(plan: MemoryPlan, freeBytes: number): string {
  return `memory: ${gigabytes(plan.totalBytes)} of ${gigabytes(freeBytes)} free = weights ${gigabytes(plan.weightsBytes)} + ${plan.slots} slots × ${plan.contextTokens} tokens ${gigabytes(plan.lanesBytes)} + work ${gigabytes(plan.workBytes)} + prefix cache ≤ ${gigabytes(plan.cacheBytes)}`;
}

/**
 * Slots and context that fit into `freeBytes`, as wished where wished, else the defaults or what comes nearest:
 * first fewer slots (never below 4), then a shorter context, then down to one slot.
 * @throws DoesNotFit with what to do.
 */
export function planMemory(
  shape: ModelShape,
  freeBytes: number,
  wish: {
    readonly slots?: number | undefined;
    readonly context?: number | undefined;
    readonly cacheBytes?: number | undefined;
  },
): MemoryPlan {
  const budget = freeBytes * 0.9;
  if (wish.context !== undefined && (wish.context < leastContext || wish.context > shape.trainedTokens))
    throw new DoesNotFit(
      `The context must be ${leastContext} to ${shape.trainedTokens} tokens for this model, not ${wish.context}. Choose another with --context, or set OPENAI_BASE_URL to another model server.`,
    );
  const longest = wish.context ?? Math.min(defaultContext, shape.trainedTokens);
  const slotChoices = wish.slots ? [wish.slots] : [defaultSlots, 12, 8, 6, 4];
  const contexts = wish.context ? [longest] : [longest, 3_072, 2_048, 1_024].filter((tokens) => tokens <= longest);
  const fits = (slots: number, context: number): MemoryPlan | null => {
    const least = memoryNeeded(shape, slots, context, wish.cacheBytes ?? leastCacheBytes);
    if (least.totalBytes > budget) return null;
    if (wish.cacheBytes !== undefined) return least;
    const cacheBytes = Math.min(mostCacheBytes, leastCacheBytes + (budget - least.totalBytes) / 4);
    return memoryNeeded(shape, slots, context, cacheBytes);
  };
  for (const context of contexts)
    for (const slots of slotChoices) {
      const plan = fits(slots, context);
      if (plan) return plan;
    }
  for (const slots of wish.slots ? [] : [2, 1]) {
    const plan = fits(slots, contexts.at(-1) ?? longest);
    if (plan) return plan;
  }
  const asked = memoryNeeded(shape, wish.slots ?? 1, contexts.at(-1) ?? longest, wish.cacheBytes ?? leastCacheBytes);
  throw new DoesNotFit(
    `The embedded model needs ${gigabytes(asked.totalBytes)} of memory with ${asked.slots} slot${asked.slots === 1 ? "" : "s"} of ${asked.contextTokens} tokens, but only ${gigabytes(freeBytes)} are free. Close other programs, ask for less with --slots and --context, or set OPENAI_BASE_URL to another model server.`,
  );
}
