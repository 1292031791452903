// Activations of packs, and packs that are active.
import { type Activation, FOLDER } from "../../schemas/activation.ts";
import type { Active } from "../../src/core/activation.ts";
import { aProgramme } from "./rules.ts";

let count = 0;
export const anActivation = (more: Partial<Activation> = {}): Activation => ({
  id: `00000000-0000-0000-0000-${String((count += 1)).padStart(12, "0")}`,
  programme: "coaching",
  version: 1,
  digest: "one",
  from: "2026-01-01",
  activatedAt: new Date("2026-01-01T09:00:00Z"),
  activatedBy: FOLDER,
  ...more,
});

export const anActive = (
  version: number,
  { pack, ...more }: Partial<Active> & { pack?: Parameters<typeof aProgramme>[0] } = {},
): Active => ({
  programme: aProgramme({ version, validFrom: "2026-01-01", ...pack }),
  digest: `digest-${version}`,
  from: "2026-01-01",
  ...more,
});
