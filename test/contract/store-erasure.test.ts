// Sealing and erasure: what is personal opens only with its case's key, only in its own place, and never again once it is destroyed.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SealBroken } from "../../adapters/postgres/vault.ts";
import { engines } from "../engines.ts";
import {
  aChange,
  aHome,
  aSubmission,
  aVault,
  type Home,
  nextEvent,
  offerFor,
  offering,
  opened,
  taken,
  uuid,
} from "../builders/store.ts";
import { aContent, NHS_NUMBER, NINO } from "../builders/content.ts";

const NOTE = "Spoke to Imogen Fairweather-Test by telephone";

describe.each(engines())("what is sealed on $name", (on) => {
  let home: Home;
  beforeAll(async () => void (home = await aHome(on)));
  afterAll(() => home.close());

  const decided = async () => {
    const content = aContent({ person: { nhsNumber: NHS_NUMBER, nino: NINO } });
    const submission = aSubmission({ content, body: Buffer.from(JSON.stringify(content)) });
    await home.store.intake.accept(submission);
    const journey = await opened(home, submission.referralId);
    const change = offering(journey, offerFor(journey), { people: [{ kind: "nhs-number", digest: `d-${uuid()}` }] });
    await home.store.ledger.commit({ ...change, events: change.events.map((event) => ({ ...event, note: NOTE })) });
    return { submission, change, journey: await opened(home, journey.id) };
  };
  const everything = async (): Promise<string> => {
    const tables = await home.sql<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'waymark'`,
    );
    const dumps = await Promise.all(
      tables.map(async ({ name }) => {
        const rows = await home.sql<{ text: string; bytes: string }>(`SELECT t::text AS text FROM waymark.${name} t`);
        return rows.map((row) => row.text.replaceAll(/\\x([0-9a-f]+)/g, (_, hex: string) => readable(hex))).join("\n");
      }),
    );
    return dumps.join("\n");
  };
  const readable = (hex: string): string => `${hex} ${Buffer.from(hex, "hex").toString("latin1")}`;

  it("leaves nothing about the person in the open, in any table", async () => {
    await decided();
    const dump = await everything();
    expect(dump).toContain("coaching-upper-street");
    for (const secret of ["Imogen", "Fairweather", NHS_NUMBER, NINO, "Upper Street", "07700", NOTE, "work again"])
      expect(dump).not.toContain(secret);
  });

  it.each(["referral.sealed_content", "receipt.sealed_receipt"])("refuses a tampered %s", async (column) => {
    const { journey, submission } = await decided();
    const [table, name] = column.split(".");
    await home.sql(
      `UPDATE waymark.${table} SET ${name} = set_byte(${name}, 20, get_byte(${name}, 20) # 1)
       WHERE ${table === "referral" ? "id" : "referral"} = $1`,
      [journey.id],
    );
    const reading =
      table === "referral"
        ? home.store.ledger.open(journey.id)
        : home.store.reader.receipts(submission.organisation, journey.id);
    await expect(reading).rejects.toThrow(SealBroken);
  });

  it("refuses content that was moved from one referral of the same case to another", async () => {
    const { journey } = await decided();
    const other = await taken(home);
    await home.sql(
      `UPDATE waymark.referral t SET sealed_content = f.sealed_content, case_id = f.case_id
       FROM waymark.referral f WHERE f.id = $1 AND t.id = $2`,
      [journey.id, other.id],
    );
    await expect(home.store.ledger.open(other.id)).rejects.toThrow(SealBroken);
  });

  it("forgets a person: nothing personal opens any more, and the codes stay", async () => {
    const { submission, change, journey } = await decided();
    const vault = aVault();
    const keyOf = async () => {
      const [row] = await home.sql<{ wrapped_key: Uint8Array | null; ring_key: string; erased_at: Date | null }>(
        "SELECT wrapped_key, ring_key, erased_at FROM waymark.case_file WHERE id = $1",
        [journey.caseId],
      );
      return row;
    };
    const before = await keyOf();
    const key = vault.open(before?.wrapped_key ?? Buffer.alloc(0), before?.ring_key ?? "", journey.caseId);
    const [event] = change.events;
    const [noted] = await home.sql<{ sealed_note: Uint8Array }>("SELECT sealed_note FROM waymark.event WHERE id = $1", [
      event?.id,
    ]);
    const note = vault.unseal(key, `event.sealed_note:${event?.id}`, noted?.sealed_note ?? Buffer.alloc(0));
    expect(note.toString("utf8")).toBe(NOTE);

    home.clock.pass(60);
    await home.store.ledger.forget(journey.caseId);
    expect(await keyOf()).toMatchObject({ wrapped_key: null, erased_at: home.clock.now() });
    const { content, ...rest } = await opened(home, journey.id);
    expect(content).toBeUndefined();
    expect(rest).toMatchObject({ status: "offered", reference: journey.reference, offers: journey.offers });
    expect(await home.store.reader.receipts(submission.organisation, journey.id)).toEqual([]);
    expect((await home.store.reader.offer("sample-coaching", journey.offers[0]?.id ?? ""))?.content).toBeUndefined();
    const row = await home.store.reader.referral(submission.organisation, journey.id);
    expect(row?.timeline.map((entry) => entry.body.type)).toEqual(["received", "offered"]);
    const keys = await home.sql("SELECT FROM waymark.person_key WHERE case_id = $1", [journey.caseId]);
    expect(keys).toEqual([]);
  });

  it("makes a change stale that was made from what was read before, and keeps nothing personal afterwards", async () => {
    const { journey } = await decided();
    await home.store.ledger.forget(journey.caseId);
    expect(await home.store.ledger.commit(aChange(journey))).toBe("stale");
    const after = await opened(home, journey.id);
    const late = offering(after, offerFor(after), {
      offers: [],
      events: [nextEvent(after, { type: "withdrawn", reasons: [] }, { note: NOTE })],
      people: [{ kind: "nino", digest: `late-${uuid()}` }],
    });
    expect(await home.store.ledger.commit(late)).toBe("committed");
    const [event] = await home.sql<{ sealed_note: unknown }>(
      "SELECT sealed_note FROM waymark.event WHERE referral = $1 AND sequence = $2",
      [journey.id, after.sequence + 1],
    );
    expect(event?.sealed_note).toBeNull();
    const [receipts] = await home.sql<{ n: number }>("SELECT count(*) AS n FROM waymark.receipt WHERE referral = $1", [
      journey.id,
    ]);
    expect(receipts?.n).toBe(1);
    expect(await home.sql("SELECT FROM waymark.person_key WHERE case_id = $1", [journey.caseId])).toEqual([]);
  });
});
