// The directory: organisations that help, their services, and the gazetteer that places people.
import { z } from "zod";
import { RecipientClass } from "./consent.ts";
import { GssCode, OdsCode, OrganisationId } from "./ids.ts";
import { NeedCode } from "./need.ts";
import { Nation, Place, Point } from "./place.ts";
import { PlainDate, text } from "./text.ts";

export const ProviderOrganisation = z.strictObject({
  id: OrganisationId,
  name: text(160),
  class: RecipientClass,
});
export type ProviderOrganisation = z.infer<typeof ProviderOrganisation>;

export const Service = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,79}$/),
  organisation: OrganisationId,
  name: text(160),
  needs: z.array(NeedCode).min(1),
  /** Authorities whose residents it takes. Empty means anywhere. */
  authorities: z.array(GssCode),
  /** Practices where it works on site (ODS codes): a patient seen there is helped there. */
  sites: z.array(OdsCode).default([]),
  /** Where it is, for the shortest way. */
  at: Point.optional(),
  /** Places open at one time; absent means no limit is known. */
  places: z.number().int().min(0).optional(),
  status: z.enum(["open", "paused", "closed"]).default("open"),
  /** Days of the week on which it answers; left out is every working day. Its clocks run on those alone. */
  opens: z
    .array(z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]))
    .min(1)
    .optional(),
  /** Single days on which it is shut beside bank holidays. */
  closedOn: z.array(PlainDate).optional(),
});
export type Service = z.infer<typeof Service>;

/** Authorities that act together. Members come and go; where two cover a person, the lower `precedence` goes first. */
export const Partnership = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,63}$/),
  name: text(160),
  precedence: z.number().int().min(1).max(1000).default(100),
  members: z.array(z.strictObject({ authority: GssCode, from: PlainDate, to: PlainDate.optional() })).min(1),
});
export type Partnership = z.infer<typeof Partnership>;

/** The release of a nation's index of deprivation from which the deciles of its places were taken. */
export const DeprivationIndex = z.strictObject({ nation: Nation, index: text(120), release: text(40) });

/** A place by its code and name. `within`: the authority of a ward or small area. */
export const NamedArea = z.strictObject({ code: GssCode, name: text(120), within: GssCode.optional() });

export const Directory = z.strictObject({
  version: text(40),
  organisations: z.array(ProviderOrganisation),
  services: z.array(Service),
  places: z.array(Place),
  partnerships: z.array(Partnership).default([]),
  deprivation: z.array(DeprivationIndex).default([]),
  /** Every area that packs may name. Left out, any code is taken for one. */
  areas: z.array(NamedArea).optional(),
});
export type Directory = z.infer<typeof Directory>;
