import type { z } from "zod";
import type { meanSchema } from "@/lib/shared/record.ts";

/** A mean over futures: mean, sample standard deviation, number. */
export type MeanRecord = z.infer<typeof meanSchema>;
