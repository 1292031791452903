// GET /MessageDefinition: the two BaRS messages that are spoken here, so that a sender can ask before it sends.
import type { RequestHandler } from "express";
import { MESSAGE_EVENTS, REQUEST_DEFINITION, RESPONSE_DEFINITION } from "../../schemas/foreign/fhir/systems.ts";
import type { DoorTools } from "../http/door.ts";
import { refuse } from "../http/speak.ts";
import { tell } from "./reply.ts";
import { readSearch, searchSet } from "./search.ts";

const definition = (url: string, event: string, focus: readonly string[]) => ({
  resourceType: "MessageDefinition",
  id: url.slice(url.lastIndexOf("/") + 1),
  url,
  status: "active",
  date: "2026-01-01",
  eventCoding: { system: MESSAGE_EVENTS, code: event },
  category: "consequence",
  focus: focus.map((code) => ({ code, min: 1, max: "1" })),
});

const DEFINITIONS = [
  {
    ...definition(REQUEST_DEFINITION, "servicerequest-request", ["ServiceRequest", "Patient", "Encounter", "CarePlan"]),
    responseRequired: "always",
    allowedResponse: [{ message: RESPONSE_DEFINITION }],
  },
  definition(RESPONSE_DEFINITION, "servicerequest-response", ["ServiceRequest", "Encounter"]),
];

export const definitions =
  ({ publicUrl }: DoorTools): RequestHandler =>
  (req, res) => {
    const search = readSearch(req, ["_id", "url"]);
    if (!search.ok) return refuse(res, search.reasons);
    const [id, url] = [search.value.one("_id"), search.value.one("url")];
    const found = DEFINITIONS.filter(
      (one) => (id === undefined || one.id === id) && (url === undefined || one.url === url),
    );
    tell(res, searchSet(publicUrl, req, found, undefined));
  };
