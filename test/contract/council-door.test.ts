// The council's front door over real HTTP, in both forms: what is taken, what is answered, what never reaches the step.
import { XMLParser } from "fast-xml-parser";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { councilDoor } from "../../adapters/council/index.ts";
import type { ReferralView } from "../../src/ports/views.ts";
import { councilRequest, type CouncilRequestOptions } from "../fixtures/council/request.ts";
import { call, mountDoor, NOW, REFERENCE, REFERRAL, SECRET, taken, type Mounted } from "../fixtures/door.ts";

let door: Mounted;
beforeEach(async () => {
  door = await mountDoor(councilDoor, "council", "E09000007", "/open311/v2");
});
afterEach(() => door.close());

const FORM = "application/x-www-form-urlencoded; charset=utf-8";

const raw = (body: string | Buffer, headers: Record<string, string> = {}, path = "/requests.json") =>
  call(`${door.url}${path}`, { method: "POST", headers: { "Content-Type": FORM, ...headers }, body });

const post = (options: CouncilRequestOptions = {}, headers: Record<string, string> = {}, path = "/requests.json") =>
  raw(councilRequest({ apiKey: SECRET, ...options }).toString(), headers, path);

const get = (path: string, headers: Record<string, string> = {}) => call(`${door.url}${path}`, { headers });

type Errors = { code: string; description: string }[];
const codes = (text: string): string[] => (JSON.parse(text) as Errors).map((one) => one.code);

/** XML as a client in the field reads it: every value a string. */
const parseXml = (text: string): unknown =>
  new XMLParser({ ignoreDeclaration: true, parseTagValue: false }).parse(text);

const view = (more: Partial<ReferralView> = {}): ReferralView => ({
  id: REFERRAL,
  reference: REFERENCE,
  need: "debt-advice",
  status: "accepted",
  words: "The service has taken it.",
  receivedAt: "2026-10-20T09:00:00.000Z",
  changedAt: "2026-11-01T09:00:00.000Z",
  sequence: 4,
  reasons: [],
  timeline: [],
  ...more,
});

describe("a request that is taken", () => {
  it("answers in JSON with a list of one, whose id is our reference", async () => {
    const reply = await post();
    expect(reply.status).toBe(200);
    expect(reply.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(JSON.parse(reply.text)).toEqual([{ service_request_id: REFERENCE }]);
    expect(REFERENCE).toMatch(/^[\w\-_]+$/);
  });

  it("answers in XML as the specification writes it", async () => {
    const reply = await post({}, {}, "/requests.xml");
    expect(reply.headers["content-type"]).toBe("text/xml; charset=utf-8");
    expect(reply.text.startsWith('<?xml version="1.0" encoding="utf-8"?>')).toBe(true);
    expect(parseXml(reply.text)).toEqual({ service_requests: { request: { service_request_id: REFERENCE } } });
  });

  it("hands on content and the bytes without the key", async () => {
    await post({ jurisdiction: "E09000007" });
    const [arrival] = door.arrivals;
    const body = Buffer.from(arrival?.body ?? []).toString();
    expect(body).not.toContain(SECRET);
    expect(`api_key=${SECRET}&${body}`).toBe(councilRequest({ apiKey: SECRET, jurisdiction: "E09000007" }).toString());
    expect(arrival).toMatchObject({
      door: "council",
      key: "reference:EX-000001",
      callerReference: "EX-000001",
      content: { need: "debt-advice", participation: "voluntary", referrer: { organisation: "E09000007" } },
    });
  });

  it("compares equal bodies when the key was rotated", async () => {
    await raw(councilRequest({ apiKey: SECRET }).toString());
    await raw(`${councilRequest().toString()}&api_key=${SECRET}`);
    expect(Buffer.from(door.arrivals[0]?.body ?? [])).toEqual(Buffer.from(door.arrivals[1]?.body ?? []));
  });

  it.each([
    [{ "Idempotency-Key": '"k-1"' }, {}, "header:k-1", "EX-000001"],
    [{}, { client_reference: undefined, fixmystreet_id: "4711" }, "fixmystreet:4711", "4711"],
    [{}, { client_reference: undefined }, "body", undefined],
  ])("knows it again by %j %j", async (headers, attributes, key, callerReference) => {
    await post({ attributes }, headers);
    expect(door.arrivals[0]?.key).toBe(key);
    expect(door.arrivals[0]?.callerReference).toBe(callerReference);
  });

  it("takes FixMyStreet's own shape: map point, server-set numbers, XML", async () => {
    const reply = await post(
      {
        jurisdiction: "E09000007",
        parameters: {
          lat: "51.5290",
          long: "-0.1255",
          address_string: undefined,
          email: "a@example.org",
          deviceid: "d1",
        },
        attributes: { easting: "529090", northing: "179645", fixmystreet_id: "1234", client_reference: undefined },
      },
      {},
      "/requests.xml",
    );
    expect(reply.status).toBe(200);
    expect(parseXml(reply.text)).toEqual({
      service_requests: {
        request: {
          service_request_id: REFERENCE,
          service_notice:
            "lat: This field was kept with the message and not used. long: This field was kept with the message and not used.",
        },
      },
    });
  });

  it("takes an attribute and a parameter that it does not know, and says that they were not used", async () => {
    const reply = await post({ parameters: { colour: "red" }, attributes: { shoe_size: "9" } });
    expect(reply.status).toBe(200);
    const [request] = JSON.parse(reply.text) as { service_notice: string }[];
    expect(request?.service_notice).toContain("attribute[shoe_size]: This field was kept");
    expect(request?.service_notice).toContain("colour: This field was kept");
  });

  it("lets a test client off the NHS number's check, with a warning", async () => {
    door.client.test = true;
    const reply = await post({ attributes: { nhs_number: "9434765918" } });
    expect(reply.status).toBe(200);
    expect(reply.text).toContain("Test clients may do this.");
  });

  it("takes a bearer token instead of a key", async () => {
    const reply = await post({ apiKey: undefined }, { Authorization: `Bearer ${SECRET}` });
    expect(reply.status).toBe(200);
  });
});

describe("what the step answers", () => {
  it("repeats the first reference for the same request", async () => {
    door.answer.value = { ...taken, outcome: "repeat", sameBody: true } as typeof door.answer.value;
    const reply = await post();
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.text)).toEqual([{ service_request_id: REFERENCE }]);
  });

  it("refuses another body under the same key", async () => {
    door.answer.value = { ...taken, outcome: "repeat", sameBody: false } as typeof door.answer.value;
    const reply = await post();
    expect(reply.status).toBe(409);
    expect(codes(reply.text)).toEqual(["key-reused"]);
  });

  it("says when to come back while it is busy", async () => {
    door.answer.value = { outcome: "busy", retryAfterSeconds: 3 };
    const reply = await post();
    expect(reply.status).toBe(503);
    expect(reply.headers["retry-after"]).toBe("3");
  });

  it("passes an emergency on, and gives its route as GeoReport's 400", async () => {
    door.answer.value = { outcome: "refused", reasons: [{ code: "emergency-route", severity: "error" }] };
    const reply = await post({ attributes: { safeguarding: "emergency" } });
    expect(door.arrivals[0]?.content.flags.emergency).toBe(true);
    expect(reply.status).toBe(400);
    expect(reply.text).toContain("999");
  });

  it("gives the emergency route first, also when the request has faults", async () => {
    const reply = await post({ attributes: { safeguarding: "emergency", nino: "nonsense" } });
    expect(codes(reply.text)).toEqual(["emergency-route", "nino-malformed"]);
    expect(door.arrivals).toHaveLength(0);
  });
});

describe("what can be asked for", () => {
  it("is listed in both forms, to anyone", async () => {
    const json = await get("/services.json?jurisdiction_id=E09000007");
    const list = JSON.parse(json.text) as Record<string, unknown>[];
    expect(list).toContainEqual({
      service_code: "debt-advice",
      service_name: "Help with debt",
      description: "Refer a person who wants help with debt.",
      metadata: true,
      type: "realtime",
      keywords: "debt, advice",
      group: "Money",
    });
    const xml = parseXml((await get("/services.xml")).text) as { services: { service: { service_code: string }[] } };
    expect(xml.services.service.map((one) => one.service_code)).toEqual(list.map((one) => one["service_code"]));
  });

  it("has one definition whose attributes are in order, with values where there is a list", async () => {
    const json = JSON.parse((await get("/services/homelessness.json")).text) as {
      service_code: string;
      attributes: Record<string, unknown>[];
    };
    expect(json.service_code).toBe("homelessness");
    expect(json.attributes.map((one) => one["order"])).toEqual(json.attributes.map((_one, at) => at + 1));
    expect(json.attributes[0]).toEqual({
      variable: true,
      code: "safeguarding",
      datatype: "singlevaluelist",
      required: true,
      datatype_description: "",
      order: 1,
      description: "Is there a safeguarding concern?",
      values: [
        { key: "none", name: "none" },
        { key: "concern", name: "concern" },
        { key: "emergency", name: "emergency" },
      ],
    });
    const types = ["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"];
    for (const one of json.attributes) {
      expect(types).toContain(one["datatype"]);
      expect(Array.isArray(one["values"])).toBe(String(one["datatype"]).endsWith("list"));
    }
    expect(json.attributes.filter((one) => one["automated"] === "server_set").map((one) => one["code"])).toEqual([
      "fixmystreet_id",
      "easting",
      "northing",
    ]);
  });

  it("writes the definition in XML with wrapped lists", async () => {
    const xml = parseXml((await get("/services/homelessness.xml")).text) as {
      service_definition: { attributes: { attribute: Record<string, unknown>[] } };
    };
    expect(xml.service_definition.attributes.attribute[0]).toMatchObject({
      code: "safeguarding",
      required: "true",
      order: "1",
      values: { value: [{ key: "none" }, { key: "concern" }, { key: "emergency" }] },
    });
  });

  it("is discovered in both forms", async () => {
    const json = JSON.parse((await get("/discovery.json")).text) as Record<string, unknown>;
    expect(Object.keys(json)).toEqual(["changeset", "contact", "key_service", "endpoints"]);
    expect(json["endpoints"]).toEqual([
      {
        specification: "http://wiki.open311.org/GeoReport_v2",
        url: "https://broker.example/open311/v2",
        changeset: json["changeset"],
        type: "production",
        formats: ["text/xml", "application/json"],
      },
    ]);
    expect(parseXml((await get("/discovery.xml")).text)).toMatchObject({
      discovery: { endpoints: { endpoint: { formats: { format: ["text/xml", "application/json"] } } } },
    });
  });
});

describe("the form of an answer", () => {
  it.each([
    ["/services", {}, "text/xml; charset=utf-8"],
    ["/services", { Accept: "application/json" }, "application/json; charset=utf-8"],
    ["/services", { Accept: "text/html" }, "text/xml; charset=utf-8"],
    ["/services.xml", { Accept: "application/json" }, "text/xml; charset=utf-8"],
  ])("of %s with %j is %s", async (path, headers, type) => {
    expect((await get(path, headers)).headers["content-type"]).toBe(type);
  });

  it("is refused where the extension is another", async () => {
    const reply = await get("/services.html");
    expect(reply.status).toBe(404);
    expect(reply.headers["content-type"]).toContain("text/plain");
    expect(reply.text).toBe("Bad extension. We support .xml and .json");
  });
});

describe("where requests stand", () => {
  it("is told without description, name, address or contact", async () => {
    door.views.push(view());
    const reply = await get(`/requests/${REFERENCE}.json?api_key=${SECRET}`);
    expect(JSON.parse(reply.text)).toEqual([
      {
        service_request_id: REFERENCE,
        status: "open",
        status_notes: "The service has taken it.",
        service_name: "Help with debt",
        service_code: "debt-advice",
        requested_datetime: "2026-10-20T09:00:00.000Z",
        updated_datetime: "2026-11-01T09:00:00.000Z",
      },
    ]);
    const xml = await get(`/requests/${REFERENCE}.xml?api_key=${SECRET}`);
    expect(parseXml(xml.text)).toMatchObject({ service_requests: { request: { status: "open" } } });
  });

  it("is asked for the last ninety days unless said otherwise", async () => {
    await get(`/requests.json?api_key=${SECRET}`);
    expect(door.asked.from).toEqual(new Date(NOW.getTime() - 90 * 86_400_000));
    expect(door.asked.to).toEqual(NOW);
  });

  it("is filtered by window, status and service", async () => {
    door.views.push(
      view(),
      view({ reference: "WM-ABCD-EFG2", status: "ended" }),
      view({ reference: "WM-ABCD-EFG3", need: "childcare" }),
      view({ reference: "WM-ABCD-EFG4", receivedAt: "2026-10-25T09:00:00.000Z" }),
    );
    const ids = async (query: string) =>
      (
        JSON.parse((await get(`/requests.json?api_key=${SECRET}&${query}`)).text) as { service_request_id: string }[]
      ).map((one) => one.service_request_id.slice(-1));
    expect(await ids("status=closed")).toEqual(["2"]);
    expect(await ids("status=open,closed")).toEqual(["H", "2", "3", "4"]);
    expect(await ids("service_code=childcare")).toEqual(["3"]);
    expect(await ids("start_date=2026-10-24T00:00:00Z&end_date=2026-10-30T00:00:00%2B01:00")).toEqual(["4"]);
    expect(await ids(`service_request_id=WM-ABCD-EFG2,WM-ZZZZ-ZZZZ&status=open`)).toEqual(["2"]);
  });

  it.each([
    "start_date=2026-01-01T00:00:00Z&end_date=2026-06-01T00:00:00Z",
    "start_date=2026-11-01",
    "start_date=2026-11-01T10:00:00",
    "start_date=2026-02-30T10:00:00Z",
    "start_date=2026-10-30T00:00:00Z&end_date=2026-10-01T00:00:00Z",
    "status=pending",
  ])("refuses the query %s", async (query) => {
    expect((await get(`/requests.json?api_key=${SECRET}&${query}`)).status).toBe(400);
  });

  it.each(["WM-ZZZZ-ZZZZ", "AB123456C", "%00"])("is not there for anyone else: %s", async (id) => {
    const reply = await get(`/requests/${id}.json?api_key=${SECRET}`);
    expect(reply.status).toBe(404);
    expect(codes(reply.text)).toEqual(["not-found"]);
  });

  it("knows no tokens, for it answers with ids", async () => {
    expect((await get("/tokens/12345.xml")).status).toBe(404);
  });
});

describe("who may come in", () => {
  it.each([
    [undefined, "api-key-required"],
    ["wrong", "api-key-invalid"],
  ])("not with the key %s", async (apiKey, code) => {
    const reply = await post({ apiKey });
    expect(reply.status).toBe(403);
    expect(codes(reply.text)).toEqual([code]);
    const key = apiKey === undefined ? "" : `?api_key=${apiKey}`;
    expect((await get(`/requests.json${key}`)).status).toBe(403);
    expect((await get(`/requests/${REFERENCE}.xml${key}`)).status).toBe(403);
    expect(door.arrivals).toHaveLength(0);
  });

  it("not with a wrong token, and the refusal is GeoReport's 403", async () => {
    expect((await post({}, { Authorization: "Bearer wrong" })).status).toBe(403);
  });

  it("only for its own jurisdiction", async () => {
    expect((await post({ jurisdiction: "E09000007" })).status).toBe(200);
    expect((await post({ jurisdiction: "E09000019" })).status).toBe(404);
    expect((await get(`/requests.json?api_key=${SECRET}&jurisdiction_id=E09000019`)).status).toBe(404);
  });

  it("names the methods that an address takes", async () => {
    const reply = await call(`${door.url}/requests.xml`, { method: "DELETE" });
    expect(reply.status).toBe(405);
    expect(reply.headers["allow"]).toContain("POST");
  });
});

// After the validation cases of mySociety's adapter (open311-adapter, t/open311/endpoint.t), told for our own services.
describe("validation as councils' servers do it", () => {
  it.each<[string, CouncilRequestOptions, number, string[]]>([
    ["no service code", { parameters: { service_code: undefined } }, 400, ["service_code"]],
    ["a service code that is not there", { service: "potholes" }, 404, ["service_code"]],
    ["a required attribute missing", { attributes: { safeguarding: undefined } }, 400, ["attribute[safeguarding]"]],
    ["a required attribute empty", { attributes: { safeguarding: "" } }, 400, ["attribute[safeguarding]"]],
    ["a value outside its list", { attributes: { benefit: "tax credit" } }, 400, ["attribute[benefit]"]],
    ["one value of many outside the list", { attributes: { groups: ["carer", "pirate"] } }, 400, ["attribute[groups]"]],
    ["two values where one is asked", { attributes: { benefit: ["uc", "esa"] } }, 400, ["attribute[benefit]"]],
    [
      "several faults",
      { parameters: { email: "x", last_name: undefined, first_name: undefined }, attributes: { safeguarding: "?" } },
      400,
      ["email", "last_name", "attribute[safeguarding]"],
    ],
  ])("refuses %s, one error for each fault", async (_name, options, status, paths) => {
    const json = await post(options);
    expect(json.status).toBe(status);
    expect((JSON.parse(json.text) as Errors).map((one) => one.description.split(": ")[0])).toEqual(paths);
    const xml = await post(options, {}, "/requests.xml");
    expect(xml.status).toBe(status);
    expect(xml.text.match(/<error>/g)).toHaveLength(paths.length);
    expect(door.arrivals).toHaveLength(0);
  });

  it.each<[string, CouncilRequestOptions]>([
    ["an optional list empty", { attributes: { benefit: "" } }],
    ["an optional parameter empty", { parameters: { email: "", lat: "", media_url: "" } }],
    ["many values of a list", { attributes: { groups: ["carer", "homeless"] } }],
  ])("takes %s", async (_name, options) => {
    expect((await post(options)).status).toBe(200);
  });
});

describe("bad input", () => {
  it.each<[string, string | Buffer, Record<string, string>, number, string]>([
    ["JSON", "{}", { "Content-Type": "application/json" }, 415, "wrong-media-type"],
    ["multipart", "--x--", { "Content-Type": "multipart/form-data; boundary=x" }, 415, "wrong-media-type"],
    ["nothing", "", {}, 403, "api-key-required"],
    ["not UTF-8", Buffer.from([0x61, 0x3d, 0xff]), {}, 400, "not-utf8"],
    ["an escape that is not UTF-8", "last_name=%ff", {}, 400, "not-utf8"],
    ["2 MB", Buffer.alloc(2_000_000, 0x61), {}, 413, "too-large"],
    ["201 parameters", "a=1&".repeat(201), {}, 400, "too-many"],
  ])("%s is one clear error, and the server still answers", async (_name, body, headers, status, code) => {
    const reply = await raw(body, headers);
    expect(reply.status).toBe(status);
    expect(codes(reply.text)).toEqual([code]);
    expect(door.arrivals).toHaveLength(0);
    expect((await post()).status).toBe(200);
  });

  it("takes brackets nested a thousand deep for the unknown name that they are", async () => {
    const reply = await raw(`${councilRequest({ apiKey: SECRET })}&attribute${"[a]".repeat(1000)}=1&__proto__[x]=1`);
    expect(reply.status).toBe(200);
    expect(reply.text).not.toContain("[a][a]");
  });

  it("refuses a key that is no key", async () => {
    const reply = await post({}, { "Idempotency-Key": "two words" });
    expect(codes(reply.text)).toEqual(["header-invalid"]);
  });

  it("names every fault at once, without the value", async () => {
    const reply = await post({
      parameters: { phone: "0".repeat(41), address_string: "NW1 0A" },
      attributes: {
        nino: "BG654321A",
        nhs_number: "1234567890",
        birth_date: "1990-02-31",
        language: "?",
        safeguarding: undefined,
      },
    });
    expect(reply.status).toBe(400);
    expect(codes(reply.text).sort()).toEqual([
      "date-impossible",
      "invalid",
      "nhs-number-check",
      "nino-malformed",
      "postcode-malformed",
      "required",
      "too-long",
    ]);
    for (const value of ["BG654321A", "1234567890", "1990-02-31", "NW1"]) expect(reply.text).not.toContain(value);
  });

  it("repeats no name that the caller made up, unless it looks like one", async () => {
    const reply = await post({ parameters: { "<script>alert(1)</script>": "x" } }, {}, "/requests.xml");
    expect(reply.status).toBe(200);
    expect(reply.text).not.toContain("script");
  });
});
