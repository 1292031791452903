// Under which rules an offer stands: those of today, or, where its programme has ended, those under which it was made.
import type { Offer } from "../../schemas/offer.ts";
import type { Programme } from "../../schemas/programme.ts";

type Rules = { inForce(on: Date): readonly { programme: Programme }[] };

export const programmeOf = (
  rules: Rules,
  { programme, madeAt }: Pick<Offer, "programme" | "madeAt">,
  now: Date,
): Programme | undefined =>
  [now, madeAt]
    .map((day) => rules.inForce(day).find((one) => one.programme.programme === programme)?.programme)
    .find((one) => one !== undefined);
