// The consents on record to a referral of one's own: found by the ServiceRequest that they are about, or read one by one.
import type { RequestHandler } from "express";
import type { Client } from "../../schemas/client.ts";
import { reason } from "../../schemas/reason.ts";
import type { DoorTools } from "../http/door.ts";
import { annotate, refuse } from "../http/speak.ts";
import { focusIn } from "./read-task.ts";
import { tell } from "./reply.ts";
import { readSearch, searchSet } from "./search.ts";
import { shownConsent } from "./shown-consent.ts";
import { callerOf } from "./submit.ts";

/** The referral's id and the place in its line; other ids are those of resources that were sent. */
const ON_RECORD = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(\d{1,3})$/i;
export const CONSENT_ON_RECORD = /^\/Consent\/([0-9a-f-]{36}\.\d{1,3})$/i;

const shownOf = async ({ views }: DoorTools, client: Client, referral: string) => {
  const kept = await views.consents(client, referral);
  return (kept?.consents ?? []).map((one, at) => shownConsent(one, referral, at, kept?.receivedAt ?? ""));
};

const referralOf = (id: string): string | undefined => ON_RECORD.exec(id)?.[1]?.toLowerCase();

export const readConsent =
  (tools: DoorTools): RequestHandler =>
  async (req, res) => {
    const client = await callerOf(tools, req, res, "system/Consent.r");
    if (client === undefined) return;
    const id = String(req.params[0]).toLowerCase();
    const referral = referralOf(id);
    const all = referral === undefined ? [] : await shownOf(tools, client, referral);
    const one = all.find((each) => each.id === id);
    if (one === undefined || referral === undefined) return refuse(res, [reason("not-found")]);
    annotate(res, { referral });
    tell(res, one);
  };

export const searchConsents =
  (tools: DoorTools): RequestHandler =>
  async (req, res) => {
    const client = await callerOf(tools, req, res, "system/Consent.s");
    if (client === undefined) return;
    const search = readSearch(req, ["_id", "data", "status"]);
    if (!search.ok) return refuse(res, search.reasons);
    const { one } = search.value;
    const [id, data, wanted] = [one("_id")?.toLowerCase(), one("data"), one("status")?.split(",")];
    if (id === undefined && data === undefined) return refuse(res, [reason("required", "data")]);
    const referral = data === undefined ? referralOf(id ?? "") : focusIn(data);
    const all = referral === undefined ? [] : await shownOf(tools, client, referral);
    const found = all.filter(
      (each) => (id === undefined || each.id === id) && (wanted === undefined || wanted.includes(each.status)),
    );
    if (found.length > 0 && referral !== undefined) annotate(res, { referral });
    tell(res, searchSet(tools.publicUrl, req, found, undefined));
  };
