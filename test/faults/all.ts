// Every fault that `npm run faults` knows, in the order of their numbers.
import { f13 } from "./bad.ts";
import { f14 } from "./changes.ts";
import { f7, f8 } from "./database.ts";
import { f18, f22 } from "./deploy.ts";
import { f1, f2, f3, f6 } from "./kills.ts";
import { f4, f5 } from "./queue.ts";
import type { Fault } from "./run.ts";
import { f12 } from "./second.ts";
import { f21 } from "./ssrf.ts";
import { f16, f17 } from "./storms.ts";

export const FAULTS: readonly Fault[] = [f1, f2, f3, f4, f5, f6, f7, f8, f12, f13, f14, f16, f17, f18, f21, f22];
