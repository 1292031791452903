// News for a council: an update pushed as FixMyStreet takes it. Status and plain words only, nothing about the person.
import { REASONS } from "../../schemas/reason.ts";
import type { RenderCallback } from "../../src/ports/outward.ts";
import { STATUSES } from "./status.ts";

/** A repeated update is refused as one that exists: it was taken before. */
const taken = (status: number, _headers: Record<string, string>, body: string): boolean | undefined =>
  status === 400 && /already exists/i.test(body) ? true : undefined;

export const renderCallback: RenderCallback = (callback, to) => {
  const { fixMyStreet, words } = STATUSES[callback.status];
  const form = new URLSearchParams({
    jurisdiction_id: to.organisation,
    service_request_id: callback.reference,
    update_id: callback.id,
    updated_datetime: callback.at,
    status: fixMyStreet,
    description: [words, ...callback.reasons.map(({ code }) => REASONS[code].words)].join(" "),
  });
  return {
    path: "/servicerequestupdates.json",
    contentType: "application/x-www-form-urlencoded",
    headers: {},
    body: form.toString(),
    taken,
  };
};
