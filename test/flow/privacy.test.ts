// Nothing personal stands where it may not: not in the log, the queue, metrics, callbacks, errors, unaccepted offers, or the open part of the store.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLog } from "../../adapters/log.ts";
import { idOf, type GpOptions, type Loose } from "../fixtures/gp/index.ts";
import { exampleNhsNumber } from "../fixtures/jobcentre/handoff.ts";
import type { ReferrerKey } from "../world/cast.ts";
import { type House, setups, until } from "./house.ts";
import {
  get,
  handOffLetter,
  message,
  post,
  requestLetter,
  serviceRequestLetter,
  transactionLetter,
  type Letter,
} from "./letters.ts";
import { found, inForm, inHandOff, inMessage, type Secret } from "./secrets.ts";

/** How each type of key is read. */
const READ: Record<string, (redis: Redis, key: string) => Promise<unknown>> = {
  string: (redis, key) => redis.get(key),
  hash: (redis, key) => redis.hgetall(key),
  list: (redis, key) => redis.lrange(key, 0, -1),
  set: (redis, key) => redis.smembers(key),
  zset: (redis, key) => redis.zrange(key, "0", "-1"),
  stream: (redis, key) => redis.xrange(key, "-", "+"),
};

type Place = { where: string; text: string | Uint8Array };

const REPRESENTATIVE = { name: "Zachariah Thistlewaite", relationship: "uncle", phone: "07700 900662" };

const patient = (seed: string, more: Partial<GpOptions> = {}): GpOptions => ({
  seed,
  need: "employment",
  facts: { employment: "out-of-work", longTermCondition: true },
  detail: "Wants to work in a garden, away from the ex-husband in Tottenham.",
  flags: [{ category: "SG", code: "sample-domestic-abuse", display: "Ex-husband Barnabas threatens her" }],
  ...more,
  person: {
    given: "Perpetua-Zenobia",
    family: "Quillfeather-Oddington",
    birthDate: "1984-04-09",
    nhsNumber: exampleNhsNumber(7),
    postcode: "N7 7EP",
    lines: ["Flat 9, 77 Invented Passage"],
    phone: "07700 900777",
    email: "perpetua.zenobia@example.org",
    safeContact: { phone: false, text: true, notes: "Only while the children are at school" },
    representative: REPRESENTATIVE,
    ...more.person,
  },
});

const claimant = (changes: Record<string, unknown> = {}) => ({
  "person.givenNames": ["Hildegunde-Maria"],
  "person.familyName": "Ravensworth-Pike",
  "person.preferredName": "Hildegundchen",
  "person.dob": "1979-08-23",
  "person.nino": "JX654321B",
  "person.nhsNumber": exampleNhsNumber(8),
  "person.address": { lines: ["Top floor, 88 Made-up Terrace"] },
  "person.postcode": "E16 2QU",
  "person.phones": ["07700 900888"],
  "person.email": "hildegunde.maria@example.org",
  "person.safeContact": { phoneOk: true, notes: "Never before noon, she works nights" },
  "person.representative": { name: "Ferdinanda Applegarth", phone: "07700 900661" },
  "originator.workCoachId": "wc-brambleworth-7",
  "claim.unemployedSince": "2024-03-01",
  "programme.earlier": [],
  reason: "Lost the bakery job after an argument with the foreman.",
  "work.aims": "To bake again, in a quieter place.",
  "flags.safeguarding": "concern",
  "flags.safeguardingWords": "Her brother Leopold takes her money",
  "flags.risk": [{ code: "dog", words: "Keeps a mastiff named Thunderclap" }],
  ...changes,
});

const resident = (more: Record<string, string | undefined> = {}) => ({
  parameters: {
    first_name: "Montgomery-Caspian",
    last_name: "Featherstone-Vole",
    phone: "07700 900999",
    email: "montgomery.caspian@example.org",
    address_string: "Basement, 99 Imaginary Grove, WC1H 9JE",
    description: "Owes eleven hundred pounds to a lender called Grimsby.",
  },
  attributes: {
    authority: "E09000007",
    birth_date: "1966-12-03",
    nhs_number: exampleNhsNumber(9),
    nino: "LM987654A",
    preferred_name: "Montgomerix",
    safe_notes: "Ring twice, then once more",
    safeguarding: "concern",
    safeguarding_notes: "A lender called Grimsby waits outside",
    risk: "A ferret named Beelzebub bites",
    representative: "Wilhelmina Tattersall",
    representative_phone: "07700 900663",
    detail: "Has eaten nothing warm since Michaelmas.",
    worker: "Ottilie Brambleworth",
    worker_contact: "ottilie.brambleworth@example.org",
    ...more,
  },
});

const more = (what: string, ...values: string[]): Secret[] => values.map((value) => ({ what, value }));

/** Free text of providers, which may name people. */
const NOTES = { decline: "Met Mrs Quillfeather last year, it went badly", end: "Now bakes for her cousin Adelheid" };

describe.each(setups())("what is personal on $name", (setup) => {
  let house: House;
  const secrets: Secret[] = [];
  const errors: Place[] = [];
  const queued: Place[] = [];
  let stopListening = (): void => undefined;

  const sends = async (key: ReferrerKey, letter: Letter, holds: readonly Secret[]): Promise<string> => {
    secrets.push(...holds);
    const reply = await post(house.sender(key), letter);
    if (reply.reference === undefined) throw new Error(`not taken: ${reply.status} ${reply.text}`);
    errors.push({ where: `the reply to ${key}`, text: reply.text });
    return reply.reference;
  };
  const refused = async (key: ReferrerKey, letter: Letter): Promise<void> => {
    const reply = await post(house.sender(key), letter);
    expect(reply.status).toBeGreaterThanOrEqual(400);
    // Its own ids go back to every caller, whatever it made them of.
    const headers = [...reply.headers].filter(([name]) => !/^x-(request|correlation)-id$/.test(name));
    errors.push({ where: `the error at ${letter.path}`, text: `${reply.text}${JSON.stringify(headers)}` });
  };
  const offerOf = async (organisation: string, reference: string): Promise<string> => {
    const { received } = house.provider(organisation);
    await until(() => received.some((one) => one.reference === reference), "the offer has not come");
    return received.find((one) => one.reference === reference)?.offer ?? "";
  };

  beforeAll(async () => {
    house = await setup.open();
    await listenToQueue();
    await sendAll();
    await sendWrong();
    await house.quiet();
  }, 60_000);
  afterAll(async () => {
    stopListening();
    await house.close();
  });

  /** Everything that ever enters the queue, for what is done is taken out at once. */
  const listenToQueue = async (): Promise<void> => {
    const url = house.config.REDIS_URL;
    if (url !== undefined) {
      const monitor = await new Redis(url).monitor();
      monitor.on("monitor", (_time: string, args: string[], _source: string, database: string) => {
        if (url.endsWith(`/${database}`)) queued.push({ where: "a command to Redis", text: args.join(" ") });
      });
      stopListening = () => monitor.disconnect();
      return;
    }
    await house.sql("CREATE TABLE public.seen_in_queue (source text, line text)");
    await house.sql(
      `CREATE FUNCTION public.remember() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
       $$ BEGIN INSERT INTO public.seen_in_queue VALUES (TG_TABLE_NAME, to_jsonb(NEW)::text); RETURN NEW; END $$`,
    );
    const tables = await house.sql<{ name: string }>(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'bullmq' AND table_type = 'BASE TABLE'",
    );
    for (const { name } of tables)
      await house.sql(
        `CREATE TRIGGER remember AFTER INSERT OR UPDATE ON bullmq."${name}" FOR EACH ROW EXECUTE FUNCTION public.remember()`,
      );
  };

  /** Every door, every way in, and every way that it can go on. */
  const sendAll = async (): Promise<void> => {
    const gp = house.sender("islington-surgery");
    const coaching = "sample-islington-coaching";
    const inGp = (letter: Letter): Secret[] => [
      ...(letter.path.endsWith("$process-message") ? inMessage(JSON.parse(letter.body) as Loose) : []),
      ...more("safeguarding words", "Ex-husband Barnabas threatens her"),
    ];
    const message1 = message(gp, patient("one"));
    const taken = await sends("islington-surgery", message1, inGp(message1));
    for (const letter of [serviceRequestLetter(gp, patient("two")), transactionLetter(gp, patient("three"))])
      await sends("islington-surgery", letter, []);
    const held = message(gp, patient("four", { consents: [{ directCare: true }] }));
    await sends("islington-surgery", held, inGp(held));

    const offer = await offerOf(coaching, taken);
    for (const verb of ["acknowledge", "accept", "start"])
      await house.provider(coaching).asks(`/offers/${offer}/${verb}`, {});
    await house.provider(coaching).asks(`/offers/${offer}/end`, { reason: "other", text: NOTES.end });
    secrets.push(...more("a provider's note", NOTES.decline, NOTES.end));

    const handOff = handOffLetter({ seed: 8, changes: claimant() });
    const inClaim = [
      ...inHandOff(JSON.parse(handOff.body) as Loose),
      ...more("words", "Keeps a mastiff named Thunderclap", "wc-brambleworth-7"),
    ];
    const declined = await sends("jobcentre", handOff, inClaim);
    const newham = await offerOf("sample-newham-council", declined);
    await house
      .provider("sample-newham-council")
      .asks(`/offers/${newham}/decline`, { reason: "other", text: NOTES.decline });
    await sends("jobcentre", handOffLetter({ seed: 9, need: "debt-advice", changes: claimant() }), inClaim);

    for (const format of ["json", "xml"] as const) {
      const letter = requestLetter(house.sender("camden"), { service: "debt-advice", ...resident() }, format);
      const holds = [
        ...inForm(new URLSearchParams(letter.body)),
        ...more("the worker", "Ottilie Brambleworth", "ottilie.brambleworth@example.org", "99 Imaginary Grove"),
      ];
      await sends("camden", letter, holds);
    }
  };

  /** Bad input of every kind, with something personal right where the fault is. */
  const sendWrong = async (): Promise<void> => {
    const gp = house.sender("islington-surgery");
    const good = message(gp, patient("wrong"));
    const broken = (change: (bundle: Loose) => void, body = JSON.parse(good.body) as Loose): Letter => {
      change(body);
      return { ...message(gp, patient("wrong")), body: JSON.stringify(body) };
    };
    const person = (bundle: Loose): Loose =>
      bundle.entry.map((one: Loose) => one.resource).find((one: Loose) => one.resourceType === "Patient");
    await refused("islington-surgery", { ...good, body: good.body.slice(0, -40) });
    await refused("islington-surgery", {
      ...good,
      body: `Perpetua-Zenobia Quillfeather-Oddington ${exampleNhsNumber(7)}`,
    });
    await refused("islington-surgery", { ...good, headers: { ...good.headers, "X-Request-Id": exampleNhsNumber(7) } });
    await refused(
      "islington-surgery",
      broken((bundle) => void (person(bundle).birthDate = "Perpetua-Zenobia")),
    );
    await refused(
      "islington-surgery",
      broken((bundle) => void (person(bundle).identifier[0].value = "Quillfeather-Oddington")),
    );
    await refused(
      "islington-surgery",
      broken((bundle) => void (person(bundle).name = "Quillfeather-Oddington")),
    );
    await refused(
      "islington-surgery",
      broken((bundle) => void (person(bundle).address[0].postalCode = "77 Invented Passage")),
    );
    await refused("islington-surgery", { ...good, path: "/fhir/R4/Patient/$validate" });

    const handOff = (changes: Record<string, unknown>): Letter =>
      handOffLetter({ seed: 10, changes: claimant(changes) });
    await refused("jobcentre", handOff({ "person.dob": "Hildegunde-Maria" }));
    await refused("jobcentre", handOff({ "person.nino": "Ravensworth-Pike" }));
    await refused("jobcentre", handOff({ "person.postcode": "88 Made-up Terrace" }));
    await refused("jobcentre", handOff({ "person.language": { spoken: "hildegunde.maria@example.org" } }));
    await refused("jobcentre", handOff({ participation: "Lost the bakery job after an argument with the foreman." }));
    await refused("jobcentre", { ...handOff({}), body: "JX654321B Ravensworth-Pike" });
    await refused("jobcentre", {
      ...handOff({}),
      headers: {
        "Content-Type": "application/json",
        correlationId: "JX654321B",
        "gov-uk-originator-id": "Hildegunde-Maria",
      },
    });

    const council = (parameters: object, attributes: Record<string, string> = {}): Letter =>
      requestLetter(house.sender("camden"), {
        service: "debt-advice",
        parameters: { ...resident().parameters, ...parameters },
        attributes: { ...resident().attributes, ...attributes },
      });
    await refused("camden", council({}, { birth_date: "Montgomery-Caspian" }));
    await refused("camden", council({}, { nino: "Featherstone-Vole" }));
    await refused("camden", council({}, { safeguarding: "A lender called Grimsby waits outside" }));
    await refused("camden", council({ service_code: "Montgomery-Caspian" }));
    await refused("camden", council({ email: "Featherstone-Vole" }));
    await refused("camden", council({ api_key: "Montgomery-Caspian" }));

    for (const path of [
      `/referrals/${exampleNhsNumber(7)}`,
      "/referrals/JX654321B/receipt",
      "/Perpetua-Zenobia?name=Quillfeather-Oddington",
      `/fhir/R4/Patient?identifier=${exampleNhsNumber(7)}`,
      "/open311/v2/requests.json?service_request_id=LM987654A&start_date=Montgomery-Caspian",
      "/open311/v2/requests/Montgomery-Caspian.html",
      "/provider/v1/offers?status=Quillfeather-Oddington",
    ]) {
      const reply = await get(gp, path);
      errors.push({ where: `the error at ${path.split("/")[1] ?? ""}`, text: reply.text });
    }
    const offers = await house.provider("sample-camden-advice").asks("/offers?after=Quillfeather-Oddington");
    errors.push({ where: "the error of the provider's queue", text: await offers.text() });
  };

  /** Every row of every table of a schema: what is sealed as bytes, the rest as text. */
  const inSchema = async (schema: string): Promise<Place[]> => {
    const columns = await house.sql<{ table_name: string; column_name: string; data_type: string }>(
      `SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c
       JOIN information_schema.tables t USING (table_schema, table_name)
       WHERE c.table_schema = $1 AND t.table_type = 'BASE TABLE'`,
      [schema],
    );
    const places: Place[] = [];
    for (const { table_name, column_name, data_type } of columns) {
      const where = `${schema}.${table_name}.${column_name}`;
      const cast = data_type === "bytea" ? "" : "::text";
      const rows = await house.sql<{ value: string | Uint8Array | null }>(
        `SELECT "${column_name}"${cast} AS value FROM ${schema}."${table_name}" WHERE "${column_name}" IS NOT NULL`,
      );
      for (const { value } of rows) if (value !== null) places.push({ where, text: value });
    }
    return places;
  };
  const inRedis = async (): Promise<Place[]> => {
    const url = house.config.REDIS_URL;
    if (url === undefined) return [];
    const redis = new Redis(url);
    const places: Place[] = [];
    for (const key of await redis.keys("*")) {
      const value = await READ[await redis.type(key)]?.(redis, key);
      places.push({ where: `Redis ${key}`, text: `${key} ${JSON.stringify(value)}` });
    }
    redis.disconnect();
    return places;
  };
  const inLog = (): Place[] => house.log.map((line) => ({ where: "the log", text: line }));
  /** What leaks, by place; one that holds nothing is a test that looked nowhere. */
  const leaks = (places: readonly Place[], looked: readonly Secret[] = secrets): string[] => {
    expect(places.length).toBeGreaterThan(0);
    return [
      ...new Set(places.flatMap(({ where, text }) => found(text, looked).map(({ what }) => `${what} in ${where}`))),
    ];
  };

  it("is what these fixtures send, and much of it", () => {
    expect(new Set(secrets.map(({ value }) => value)).size).toBeGreaterThan(40);
    for (const { what } of secrets.filter(({ value }) => value.length < 5))
      throw new Error(`${what} is too short to look for`);
  });

  it("stands in no line of the log", () => {
    expect(house.log.some((line) => line.includes('"request"'))).toBe(true);
    expect(house.log.some((line) => line.includes('"job"'))).toBe(true);
    expect(leaks(inLog())).toEqual([]);
  });

  it("stands in no metric", async () => {
    const text = await (await fetch(`${house.broker.metricsOrigin}/metrics`)).text();
    expect(text).toContain("waymark_jobs_total");
    expect(leaks([{ where: "/metrics", text }])).toEqual([]);
  });

  it("never enters the queue", async () => {
    const remembered = house.config.REDIS_URL === undefined ? await inSchema("public") : queued;
    expect(remembered.some(({ text }) => String(text).includes("token"))).toBe(true);
    const standing = house.config.REDIS_URL === undefined ? await inSchema("bullmq") : await inRedis();
    expect(leaks([...remembered, ...standing])).toEqual([]);
  });

  it("goes back in no callback", () => {
    const places = [...house.stage.referrers.values()].flatMap(({ heard }) =>
      heard.map(({ path, headers, body }) => ({
        where: "a callback",
        text: `${path} ${JSON.stringify(headers)} ${body} ${decodeURIComponent(body.replaceAll("+", " "))}`,
      })),
    );
    expect(places.length).toBeGreaterThan(12);
    expect(leaks(places)).toEqual([]);
  });

  it("is in no offer that was not accepted", async () => {
    const hooks = [...house.stage.providers.values()].flatMap(({ received }) => received);
    const pages = await Promise.all(
      [...house.stage.providers.values()].map(async (one) => (await one.asks("/offers?limit=100")).text()),
    );
    expect(hooks.length).toBeGreaterThan(4);
    expect(
      leaks([
        ...hooks.map(({ body }) => ({ where: "an offer", text: body })),
        ...pages.map((text) => ({ where: "a queue", text })),
      ]),
    ).toEqual([]);
  });

  it("is repeated in no answer and no error", () => {
    expect(errors.length).toBeGreaterThan(25);
    expect(leaks(errors)).toEqual([]);
  });

  it("stands in no open column of the store, and in no sealed one unsealed", async () => {
    const places = await inSchema("waymark");
    for (const column of [
      "referral.sealed_content",
      "submission.sealed_body",
      "event.sealed_note",
      "receipt.sealed_receipt",
      "callback.body",
    ])
      expect(places.some(({ where }) => where === `waymark.${column}`)).toBe(true);
    expect(places.filter(({ where, text }) => where.includes(".sealed_") && !(text instanceof Uint8Array))).toEqual([]);
    // The gazetteer lists the postcodes of a whole city: that one of them is this person's stands nowhere beside it.
    expect(leaks(places.filter(({ where }) => where !== "waymark.directory_body.body"))).toEqual([]);
  });

  it.each([setup].filter((one) => one.embedded))("stands in no file of the store's folder", async () => {
    const files = (await readdir(house.config.WAYMARK_DATA, { recursive: true, withFileTypes: true })).filter((one) =>
      one.isFile(),
    );
    expect(files.length).toBeGreaterThan(100);
    const needles = [...new Set(secrets.map(({ value }) => value))].map((value) => Buffer.from(value, "utf8"));
    const holding: string[] = [];
    for (const { name, parentPath } of files) {
      const bytes = await readFile(join(parentPath, name)).catch(() => Buffer.alloc(0));
      if (needles.some((needle) => bytes.includes(needle))) holding.push(name);
    }
    expect(holding).toEqual([]);
  });

  it("would be found in each of these places, in any spelling", async () => {
    const planted: Secret = { what: "planted", value: `Plantagenet ${idOf("planted").slice(0, 6)}` };
    const number: Secret = { what: "number", value: exampleNhsNumber(77) };
    const spaced = number.value.replace(/^(...)(...)/, "$1 $2 ");
    const looked = [planted, number];
    const log = createLog({ level: "trace", destination: { write: (line) => house.log.push(line) } });
    log.info({ outcome: planted.value }, "planted");
    expect(leaks(inLog(), looked)).toEqual(["planted in the log"]);

    await house.sql("UPDATE waymark.callback SET body = jsonb_set(body, '{note}', to_jsonb($1::text))", [spaced]);
    await house.sql("UPDATE waymark.submission SET sealed_body = sealed_body || convert_to($1::text, 'UTF8')", [
      planted.value,
    ]);
    expect(leaks(await inSchema("waymark"), looked).toSorted()).toEqual([
      "number in waymark.callback.body",
      "planted in waymark.submission.sealed_body",
    ]);
    const error = { where: "an error", text: `name=${planted.value.replaceAll(" ", "+").toUpperCase()}` };
    expect(leaks([error], looked)).toEqual(["planted in an error"]);
    const [secret] = secrets;
    expect(secret && leaks([{ where: "anywhere", text: JSON.stringify({ secret }) }])).toContain(
      `${secret?.what} in anywhere`,
    );
  });
});
