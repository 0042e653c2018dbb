/** `npm run model`: the embedded model by itself, on whatever Node there is. */
import { checkOwnNode } from "./steps/node.js";

checkOwnNode();
await import("../lib/embedded/model/main.ts");
