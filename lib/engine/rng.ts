/** Seeded numbers. Everything random in the engine is a pure function of the turn's seed and a key: no state, no order. */

/** Mixes a 32-bit word well (murmur3's finaliser). */
function mix(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** An unsigned 32-bit hash of a seed and a key of words and numbers. Order matters; ["ab"] and ["a","b"] differ. */
export function hash(seed: number, ...key: readonly (string | number)[]): number {
  let h = mix(seed ^ 0x9e3779b9);
  for (const part of key) {
    if (typeof part === "number") {
      h = mix(Math.imul(h, 31) ^ part);
      continue;
    }
    for (let index = 0; index < part.length; index += 1) h = Math.imul(h ^ part.charCodeAt(index), 0x01000193);
    h = mix(h ^ part.length);
  }
  return h;
}

/** Uniform in [0,1) from a seed and a key. */
export function uniform(seed: number, ...key: readonly (string | number)[]): number {
  return hash(seed, ...key) / 4294967296;
}

/** A stream of uniforms in [0,1) (mulberry32), for generators and samplers that need many numbers of one seed. */
export function stream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Standard normals from a stream of uniforms (Box and Muller). */
export function normals(next: () => number): () => number {
  let spare: number | null = null;
  return () => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - next()));
    const angle = 2 * Math.PI * next();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

/** One standard normal from a seed. */
export function normal(seed: number): number {
  return normals(stream(seed))();
}

/** 8192 standard normals, made once: the posterior reads them from a seeded place instead of drawing afresh. */
const bank: Float64Array = (() => {
  const next = normals(stream(20_250_713));
  return Float64Array.from({ length: 8192 }, next);
})();

/** A reader of the bank that starts at a place given by the seed. Not for anything that needs more than 8192 numbers. */
export function bankReader(seed: number): () => number {
  let place = hash(seed, "bank") & 8191;
  return () => {
    place = (place + 1) & 8191;
    return bank[place] ?? 0;
  };
}
