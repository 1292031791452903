// The directory: organisations that help, their services, and the gazetteer that places people.
import { z } from "zod";
import { RecipientClass } from "./consent.ts";
import { GssCode, OdsCode, OrganisationId } from "./ids.ts";
import { NeedCode } from "./need.ts";
import { Place } from "./place.ts";
import { text } from "./text.ts";

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
  /** Places open at one time; absent means no limit is known. */
  places: z.number().int().min(0).optional(),
  status: z.enum(["open", "paused", "closed"]).default("open"),
});
export type Service = z.infer<typeof Service>;

export const Directory = z.strictObject({
  version: text(40),
  organisations: z.array(ProviderOrganisation),
  services: z.array(Service),
  places: z.array(Place),
});
export type Directory = z.infer<typeof Directory>;
