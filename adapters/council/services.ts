// What can be asked for: discovery, the list of services, and the attributes of a request. Open to anyone.
import type { RequestHandler } from "express";
import { ATTRIBUTES, GEOREPORT, type Attribute } from "../../schemas/foreign/open311.ts";
import { NEEDS, NeedCode } from "../../schemas/need.ts";
import { reason } from "../../schemas/reason.ts";
import { refuse } from "../http/speak.ts";
import { send } from "./format.ts";

/** When these documents last changed: sortable, as Service Discovery wants it. */
const CHANGESET = "2026-01-05 09:00";

export const discovery =
  (publicUrl: string): RequestHandler =>
  (_req, res) => {
    const head = {
      changeset: CHANGESET,
      contact: `Ask the organisation that runs this broker. Its address is ${publicUrl}`,
      key_service: "An operator of this broker registers a council's system and gives it an api_key.",
    };
    const endpoint = {
      specification: GEOREPORT,
      url: `${publicUrl}/open311/v2`,
      changeset: CHANGESET,
      type: "production",
    };
    const formats = ["text/xml", "application/json"];
    send(res, 200, {
      xml: { discovery: { ...head, endpoints: { endpoint: [{ ...endpoint, formats: { format: formats } }] } } },
      json: { ...head, endpoints: [{ ...endpoint, formats }] },
    });
  };

const GROUPS: Record<NeedCode, string> = {
  employment: "Work and skills",
  "supported-employment": "Work and skills",
  training: "Work and skills",
  "basic-skills": "Work and skills",
  "debt-advice": "Money",
  "benefits-advice": "Money",
  "housing-advice": "Home",
  homelessness: "Home",
  childcare: "Family and community",
  "social-support": "Family and community",
  "legal-advice": "Law",
};

export const nameOf = (need: NeedCode): string => NEEDS[need].words.replace(/^./, (first) => first.toUpperCase());

const service = (need: NeedCode) => ({
  service_code: need,
  service_name: nameOf(need),
  description: `Refer a person who wants ${NEEDS[need].words}.`,
  metadata: true,
  type: "realtime",
  keywords: need.replaceAll("-", ", "),
  group: GROUPS[need],
});

export const services: RequestHandler = (_req, res) => {
  const all = NeedCode.options.map(service);
  send(res, 200, { xml: { services: { service: all } }, json: all });
};

type Value = { key: string; name: string };

/** `wrapped` says how a list of values looks in the form asked for. */
const attribute = (one: Attribute, order: number, wrapped: (values: Value[]) => unknown) => ({
  variable: true,
  code: one.code,
  datatype: one.datatype,
  required: one.required,
  datatype_description: one.how ?? "",
  order,
  description: one.asks,
  ...(one.serverSet === true ? { automated: "server_set" } : {}),
  ...(one.values === undefined ? {} : { values: wrapped(one.values.map(([key, name]) => ({ key, name }))) }),
});

export const definition: RequestHandler = (req, res) => {
  const need = NeedCode.safeParse(req.params["code"]);
  if (!need.success) return refuse(res, [reason("not-found", "service_code")]);
  const inXml = ATTRIBUTES.map((one, at) => attribute(one, at + 1, (value) => ({ value })));
  const inJson = ATTRIBUTES.map((one, at) => attribute(one, at + 1, (values) => values));
  send(res, 200, {
    xml: { service_definition: { service_code: need.data, attributes: { attribute: inXml } } },
    json: { service_code: need.data, attributes: inJson },
  });
};
