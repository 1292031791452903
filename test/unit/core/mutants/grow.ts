// The core with all of its mutants planted, bundled and run once: which of them is on is a number.
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { runInThisContext } from "node:vm";
import { build, transformSync } from "esbuild";
import type * as Activation from "../../../../src/core/activation.ts";
import type * as Area from "../../../../src/core/area.ts";
import type * as Consent from "../../../../src/core/consent.ts";
import type * as Decide from "../../../../src/core/decide.ts";
import type * as Duty from "../../../../src/core/duty.ts";
import type * as Draws from "../../../../src/core/draws.ts";
import type * as Eligibility from "../../../../src/core/eligibility.ts";
import type * as Pathway from "../../../../src/core/pathway.ts";
import type * as Propose from "../../../../src/core/propose.ts";
import type * as Recheck from "../../../../src/core/recheck.ts";
import type * as Withhold from "../../../../src/core/withhold.ts";
import { type Mutant, plant } from "./plant.ts";

export type Core = Pick<typeof Area, "withinAreas" | "placeOf"> &
  Pick<typeof Draws, "drawsFor"> &
  Pick<typeof Eligibility, "evaluate"> &
  Pick<typeof Decide, "decide"> &
  Pick<typeof Recheck, "stillHolds" | "mayStart"> &
  Pick<typeof Consent, "permits" | "mayShare" | "leavesOut"> &
  Pick<typeof Duty, "listedAs" | "dutyOf"> &
  Pick<typeof Pathway, "startWaitsFor" | "followsFrom"> &
  Pick<typeof Propose, "proposalsFor"> &
  Pick<typeof Activation, "inForceOn" | "standOf" | "settleFolder" | "activate"> &
  Pick<typeof Withhold, "fieldsOpenTo" | "kindsOf">;

const CORE = join(import.meta.dirname, "../../../../src/core");
const ENTRY = `
export { withinAreas, placeOf } from "./area.ts";
export { evaluate } from "./eligibility.ts";
export { decide } from "./decide.ts";
export { stillHolds, mayStart } from "./recheck.ts";
export { drawsFor } from "./draws.ts";
export { permits, mayShare, leavesOut } from "./consent.ts";
export { listedAs, dutyOf } from "./duty.ts";
export { startWaitsFor, followsFrom } from "./pathway.ts";
export { proposalsFor } from "./propose.ts";
export { inForceOn, standOf, settleFolder, activate } from "./activation.ts";
export { fieldsOpenTo, kindsOf } from "./withhold.ts";
`;

export type Grown = { core: Core; mutants: Mutant[]; turn(on: number | undefined): void };

/** `files`: names in src/core, without their ending. */
export const grow = async (files: readonly string[]): Promise<Grown> => {
  const mutants: Mutant[] = [];
  const built = await build({
    stdin: { contents: ENTRY, resolveDir: CORE, loader: "ts" },
    bundle: true,
    write: false,
    format: "iife",
    globalName: "waymark",
    platform: "node",
    target: "node20",
    logLevel: "error",
    plugins: [
      {
        name: "plant",
        setup: (on) => {
          on.onLoad({ filter: /[/\\]src[/\\]core[/\\][^/\\]+\.ts$/ }, ({ path }) => {
            const name = basename(path, ".ts");
            if (dirname(path) !== CORE || !files.includes(name)) return undefined;
            // Types go first: what is planted must be what runs.
            const { code } = transformSync(readFileSync(path, "utf8"), { loader: "ts", target: "node20" });
            const planted = plant(name, code, mutants.length);
            mutants.push(...planted.mutants);
            return { contents: planted.source, loader: "js" };
          });
        },
      },
    ],
  });
  const on = { mutant: -1 };
  const load = runInThisContext(`(__on) => { ${built.outputFiles[0]?.text ?? ""}; return waymark; }`) as (
    is: (id: number) => boolean,
  ) => Core;
  return {
    core: load((id) => id === on.mutant),
    mutants,
    turn: (id = -1) => void (on.mutant = id),
  };
};
