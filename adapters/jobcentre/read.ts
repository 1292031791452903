// Reads one hand-off: everything that is wrong with it in one answer, or the hand-off with its warnings.
import type { Request } from "express";
import type { Client } from "../../schemas/client.ts";
import { read } from "../../schemas/faults.ts";
import { Glance, HandOff } from "../../schemas/foreign/jobcentre.ts";
import { birthDateFaults, nhsNumberFaults } from "../../schemas/plausible.ts";
import { reason, type Reason } from "../../schemas/reason.ts";
import { bytesOf } from "../http/body.ts";
import { readJson } from "../http/json.ts";
import { readHeaders } from "./headers.ts";

export type Reading =
  | { ok: true; handOff: HandOff; correlationId: string; originator: string; warnings: Reason[] }
  | { ok: false; reasons: Reason[]; correlationId?: string };

export const readHandOff = (req: Request, client: Client, now: Date): Reading => {
  const json = readJson(bytesOf(req));
  const { flags, person, ...ids } = Glance.parse(json.ok ? json.value : {});
  const { faults, correlationId, originator } = readHeaders(req, ids);
  if (!json.ok) return { ok: false, reasons: [...json.reasons, ...faults], correlationId };

  const parsed = read(HandOff, json.value);
  const found = [
    ...faults,
    ...(parsed.ok ? [] : parsed.reasons),
    ...(person.dob === undefined ? [] : birthDateFaults(person.dob, now, "person.dob")),
    ...(person.nhsNumber === undefined ? [] : nhsNumberFaults(person.nhsNumber, client.test, "person.nhsNumber")),
  ];
  const wrong = found.filter((one) => one.severity === "error");
  if (parsed.ok && wrong.length === 0 && correlationId !== undefined && originator !== undefined)
    return { ok: true, handOff: parsed.value, correlationId, originator, warnings: found };
  // A typing error elsewhere must not keep the right route from whoever reports an emergency.
  const urgent = flags.safeguarding === "emergency" ? [reason("emergency-route", "flags.safeguarding")] : [];
  return { ok: false, reasons: [...urgent, ...wrong], correlationId };
};
