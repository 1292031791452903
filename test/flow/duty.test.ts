// The duty to refer homeless people, end to end on every set-up: who sends it, whom the person chose, and what the receipts say.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OfferView } from "../../src/ports/views.ts";
import { DUTY_TO_REFER, type DutyToRefer } from "../../schemas/duty.ts";
import { runVerb, type Printed } from "../../src/cli/run.ts";
import { toolsOf } from "../../src/operate.ts";
import type { GpOptions } from "../fixtures/gp/index.ts";
import type { ReferrerKey } from "../world/cast.ts";
import { type House, PATIENCE_MS, setups } from "./house.ts";
import { get, handOffLetter, message, post, requestLetter, type Letter } from "./letters.ts";

const HACKNEY = "E09000012";
const TEAM = "sample-hackney-housing";
const at = "2026-10-30T09:10:00+00:00";
const chose = (chosenAuthority: string) => [
  { kind: "duty-to-refer", decision: "given", purpose: "duty-to-refer", chosenAuthority, at, how: "spoken" },
];
const reached = { kind: "contact-details", decision: "given", purpose: "duty-to-refer", at, how: "spoken" };

/** A resident of Newham, handed over by a Jobcentre. */
const handOver = (seed: number, consent: object[], changes: Record<string, unknown> = {}): Letter =>
  handOffLetter({
    seed,
    need: "homelessness",
    changes: {
      "person.postcode": "E6 2RP",
      "person.lauaCode": "E09000025",
      "circumstances.housing": "threatened",
      consent,
      ...changes,
    },
  });
/** A patient of a practice in Newham, who lives there too. */
const PATIENT: GpOptions = {
  need: "homelessness",
  facts: { housing: "homeless" },
  person: { birthDate: "1984-04-09", postcode: "E6 2RP" },
  consents: [
    { kind: "duty-to-refer", authority: HACKNEY, purpose: "duty-to-refer" },
    { kind: "contact-details", authority: HACKNEY, purpose: "duty-to-refer" },
  ],
};

describe.each(setups())("a homelessness referral on $name", (setup) => {
  let house: House;
  beforeAll(async () => void (house = await setup.open()));
  afterAll(() => house.close());

  const run = (line: string): Promise<Printed> =>
    runVerb(
      line.split(" "),
      toolsOf(house.config, () => Promise.resolve(house.broker.ground)),
      { cwd: house.config.WAYMARK_DATA },
    );
  const sends = async (key: ReferrerKey, letter: Letter): Promise<string> => {
    const reply = await post(house.sender(key), letter);
    if (reply.reference === undefined) throw new Error(`not taken: ${reply.status} ${reply.text}`);
    return reply.reference;
  };
  const stands = async (key: ReferrerKey, reference: string, status: string): Promise<void> => {
    await expect
      .poll(async () => JSON.parse((await get(house.sender(key), `/referrals/${reference}`)).text) as object, {
        timeout: PATIENCE_MS,
        interval: 20,
      })
      .toMatchObject({ status });
  };
  type Shown = { duty?: DutyToRefer; reasons: { code: string }[] };
  const receiptOf = async (key: ReferrerKey, reference: string): Promise<Shown> =>
    (JSON.parse((await get(house.sender(key), `/referrals/${reference}/receipt`)).text) as { receipts: [Shown] })
      .receipts[0];
  /** The offer that Hackney's team was sent: it left, so the choice stood when it was judged again. */
  const offered = async (reference: string): Promise<string> => {
    const sent = () => house.provider(TEAM).received.find((one) => one.reference === reference)?.offer;
    await expect.poll(sent, { timeout: PATIENCE_MS, interval: 20 }).toBeDefined();
    return sent() ?? "";
  };

  it("goes from a Jobcentre to the council that the person chose, under the duty, with how to reach them", async () => {
    const reference = await sends("jobcentre", handOver(61, [...chose(HACKNEY), reached]));
    const offer = await offered(reference);
    expect(await receiptOf("jobcentre", reference)).toMatchObject({
      duty: { referred: "under-duty", as: "jobcentre-plus", authority: HACKNEY, ...DUTY_TO_REFER },
    });
    const team = house.provider(TEAM);
    expect((await team.asks(`/offers/${offer}/accept`, {})).status).toBe(200);
    const { detail } = (await (await team.asks(`/offers/${offer}`)).json()) as OfferView;
    expect(detail?.person.phones).toEqual(["07700 900061"]);
    expect((await run(`case show ${reference}`)).out).toContain("Sent under the duty to refer");
    expect((await run(`case replay ${reference}`)).status).toBe(0);
  });

  it("goes from a practice to the same team as a voluntary referral", async () => {
    const reference = await sends("newham-surgery", message(house.sender("newham-surgery"), PATIENT));
    await offered(reference);
    const { duty } = await receiptOf("newham-surgery", reference);
    expect(duty).toMatchObject({ referred: "voluntary", authority: HACKNEY, ...DUTY_TO_REFER });
    expect(duty).not.toHaveProperty("as");
  });

  it("goes under the duty once an operator says that the sender is an emergency department", async () => {
    const { clientId } = house.sender("newham-surgery").identity;
    const change = (type: string) => run(`clients change ${clientId} --authority-type ${type} --by operator`);
    expect((await change("surgery")).status).toBe(2);
    expect((await change("emergency-department")).status).toBe(0);
    const listed = JSON.parse((await run("clients list --json")).out) as { clientId: string }[];
    expect(listed.find((one) => one.clientId === clientId)).toMatchObject({ authorityType: "emergency-department" });
    const reference = await sends("newham-surgery", message(house.sender("newham-surgery"), PATIENT));
    await offered(reference);
    expect((await receiptOf("newham-surgery", reference)).duty).toMatchObject({
      referred: "under-duty",
      as: "emergency-department",
    });
    expect((await change("none")).status).toBe(0);
    const provider = house.provider(TEAM).identity.clientId;
    expect((await run(`clients change ${provider} --authority-type prison --by operator`)).out).toContain(
      "Only who refers people",
    );
  });

  it("goes from a council's social services, registered as such, for a person who lives nowhere", async () => {
    const added = await run(
      "clients add --kind council --organisation E09000007 --name Social-care --authority-type social-services --test --json",
    );
    const { apiKey } = JSON.parse(added.out) as { apiKey: string };
    const letter = requestLetter(house.sender("camden"), {
      seed: 62,
      service: "homelessness",
      apiKey,
      parameters: { address_string: undefined },
      attributes: {
        no_fixed_abode: "yes",
        housing: "homeless",
        consent_duty_to_refer: "yes",
        consent_contact_details: "yes",
        chosen_authority: HACKNEY,
      },
    });
    const reference = await sends("camden", letter);
    await offered(reference);
    expect((await receiptOf("camden", reference)).duty).toMatchObject({ as: "social-services", authority: HACKNEY });
  });

  it("waits for leave to pass on how the person can be reached", async () => {
    const share = { kind: "share", decision: "refused", at };
    const reference = await sends("jobcentre", handOver(63, [...chose(HACKNEY), share]));
    await stands("jobcentre", reference, "held");
    expect((await receiptOf("jobcentre", reference)).duty).toBeUndefined();
  });

  it("is refused where another nation's council is chosen with the consent, and ends as unmet need in Scotland", async () => {
    const refused = await post(house.sender("jobcentre"), handOver(64, [...chose("W06000015"), reached]));
    expect(refused.status).toBe(422);
    expect(refused.text).toContain("authority-not-england");
    const inEdinburgh = {
      "person.postcode": undefined,
      "person.lauaCode": "S12000036",
      choice: { authority: "S12000036" },
    };
    const reference = await sends("jobcentre", handOver(65, [reached], inEdinburgh));
    await stands("jobcentre", reference, "unmet");
    const { duty, reasons } = await receiptOf("jobcentre", reference);
    expect(duty).toBeUndefined();
    expect(reasons.map(({ code }) => code)).toContain("authority-not-england");
  });
});
