// A provider that has nothing but a MESH mailbox: asked, heard and told by it, through whatever its mailbox and MESH do.
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GpOptions } from "../fixtures/gp/index.ts";
import { type Mesh, type MeshMessage, openMesh } from "../world/mesh.ts";
import { type House, PATIENCE_MS, logged, setups, until } from "./house.ts";
import { get, message, post } from "./letters.ts";
import { found, inMessage } from "./secrets.ts";

const OURS = "X26WAYMARK";
const THEIRS = "X26COACH1";
const OTHERS = "X26LAWYER";
const STRANGER = "X26NOBODY";
const COACHING = "sample-islington-coaching";
const ANSWERS = "WAYMARK_ANSWER";
const PATIENT: GpOptions = {
  need: "employment",
  facts: { employment: "out-of-work", longTermCondition: true },
  person: { given: "Perpetua", family: "Quillfeather", postcode: "N1 2UD", birthDate: "1984-04-09" },
};
/** No such id was ever given out. */
const NO_OFFER = "01980000-0000-7000-8000-0000000000aa";

describe.each(setups())("a MESH mailbox on $name", (setup) => {
  let house: House;
  let mesh: Mesh;
  let client: string;
  beforeAll(async () => {
    mesh = await openMesh({ [OURS]: "secret", [THEIRS]: "p", [OTHERS]: "p", [STRANGER]: "p" });
    house = await setup.open({
      MESH_URL: mesh.url,
      MESH_MAILBOX: OURS,
      MESH_PASSWORD: "secret",
      MESH_SHARED_KEY: mesh.sharedKey,
    });
    const { clients } = house.broker.ground.store;
    const add = async (organisation: string, mailbox: string) =>
      clients.add({ kind: "provider", organisation, name: "By mailbox", reach: { by: "mesh", mailbox }, test: true });
    client = (await add(COACHING, THEIRS)).client.id;
    await add("sample-somebody-else", OTHERS);
  });
  afterAll(async () => {
    await house.close();
    await mesh.close();
  });

  /** One look into the inbox now, rather than in five minutes; resolves when it is over. */
  const looks = async (): Promise<void> => {
    const soon = new Date(Date.now() - 1_000);
    await house.sql("UPDATE waymark.work SET due = $1 WHERE kind = 'collect'", [soon]);
    const over = "SELECT FROM waymark.work WHERE kind = 'collect' AND due > $1 AND token IS NULL";
    await until(async () => (await house.sql(over, [soon])).length === 1, "the look is not over");
  };
  const refer = async (): Promise<{ reference: string; offer: MeshMessage; letter: string }> => {
    const letter = message(house.sender("islington-surgery"), PATIENT);
    const { reference } = await post(house.sender("islington-surgery"), letter);
    const offer = () => mesh.inbox(THEIRS).find((one) => mesh.text(one).includes(String(reference)));
    await expect.poll(offer, { timeout: PATIENCE_MS, interval: 20 }).toBeDefined();
    return { reference: String(reference), offer: offer() as MeshMessage, letter: letter.body };
  };
  const idOf = (offer: MeshMessage): string => (JSON.parse(mesh.text(offer)) as { offer: string }).offer;
  const says = (offer: string, rest: object, from = THEIRS) =>
    mesh.put({ from, to: OURS, workflow: ANSWERS, body: JSON.stringify({ type: "offer.answer", offer, ...rest }) });
  /** What we sent back about this message. */
  const told = (about: MeshMessage) => {
    const replies = mesh.messages.filter((one) => one.from === OURS && one.workflow === `${ANSWERS}_ACK`);
    return replies
      .filter((one) => one.localId.startsWith(`reply-${about.id}`))
      .map(
        (one) =>
          JSON.parse(mesh.text(one)) as {
            outcome: string;
            offer?: Record<string, unknown>;
            problem?: { errors: { code: string; path?: string }[] };
          },
      );
  };
  const statusOf = async (reference: string): Promise<string> =>
    (JSON.parse((await get(house.sender("islington-surgery"), `/referrals/${reference}`)).text) as { status: string })
      .status;
  const kept = (about: MeshMessage) =>
    house.sql<{ outcome: string; reasons: string[] | null; has_body: boolean }>(
      "SELECT outcome, reasons, sealed_body IS NOT NULL AS has_body FROM waymark.mesh_parcel WHERE message_id = $1",
      [about.id],
    );

  it("asks for what was given when it is taken back, and takes the answer by message", async () => {
    const { reference, offer } = await refer();
    says(idOf(offer), { verb: "accept" });
    await looks();
    const withdrawal = {
      path: `/referrals/${reference}/withdrawal`,
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ reason: "sent-in-error" }),
    };
    expect((await post(house.sender("islington-surgery"), withdrawal)).status).toBe(200);
    const recall = () => mesh.inbox(THEIRS).find((one) => mesh.text(one).includes('"offer.recalled"'));
    await expect.poll(recall, { timeout: PATIENCE_MS, interval: 20 }).toBeDefined();
    expect(JSON.parse(mesh.text(recall() as MeshMessage))).toMatchObject({ offer: idOf(offer), reference, time: 1 });
    const wrong = says(idOf(offer), { verb: "recall", answer: "kept" });
    const right = says(idOf(offer), { verb: "recall", answer: "deleted" });
    await looks();
    expect(told(wrong)[0]?.problem?.errors.map(({ path }) => path)).toEqual(["basis", "until"]);
    expect(told(right)[0]).toMatchObject({ outcome: "changed", offer: { recall: { state: "deleted" } } });
  });

  it("carries an offer there, the answer back, and then who the person is; nothing sooner", async () => {
    const { reference, offer, letter } = await refer();
    const secrets = inMessage(JSON.parse(letter));
    expect(found(mesh.text(offer), secrets)).toEqual([]);
    expect(offer).toMatchObject({ to: THEIRS, workflow: "WAYMARK_OFFER", localId: idOf(offer) });
    const accept = says(idOf(offer), { verb: "accept" });
    await looks();
    expect(await statusOf(reference)).toBe("accepted");
    expect(accept.status).toBe("acknowledged");
    const [reply] = told(accept);
    expect(reply).toMatchObject({ outcome: "changed", offer: { id: idOf(offer), status: "accepted" } });
    expect(JSON.stringify(reply?.offer?.["detail"])).toContain("Quillfeather");
    // What was understood stands in the case, and is kept nowhere else.
    expect(await kept(accept)).toEqual([{ outcome: "changed", reasons: null, has_body: false }]);
    expect(found(house.log.join("\n"), secrets)).toEqual([]);
    const [event] = await house.sql(
      "SELECT actor FROM waymark.event WHERE type = 'accepted' AND body ->> 'offer' = $1",
      [idOf(offer)],
    );
    expect(event).toEqual({ actor: client });
  });

  it("stores what came before it acknowledges it, and answers once though it is listed again", async () => {
    const { offer } = await refer();
    mesh.next("acknowledge", "cut");
    const decline = says(idOf(offer), { verb: "acknowledge" });
    await looks();
    expect(decline.status).toBe("accepted");
    expect(await kept(decline)).toMatchObject([{ outcome: "changed" }]);
    const downloads = mesh.asked.filter((kind) => kind === "download").length;
    await looks();
    expect(decline.status).toBe("acknowledged");
    expect(mesh.asked.filter((kind) => kind === "download")).toHaveLength(downloads);
    expect(told(decline)).toHaveLength(1);
  });

  it("takes an old answer that is sent again for what it is", async () => {
    const { reference, offer } = await refer();
    const first = says(idOf(offer), { verb: "accept" });
    await looks();
    const replay = says(idOf(offer), { verb: "accept" });
    const late = says(idOf(offer), { verb: "decline", reason: "full" });
    await looks();
    expect(told(first)).toMatchObject([{ outcome: "changed" }]);
    expect(told(replay)).toMatchObject([{ outcome: "repeated" }]);
    expect(told(late)).toMatchObject([{ outcome: "refused", problem: { errors: [{ code: "not-your-turn" }] } }]);
    expect(await statusOf(reference)).toBe("accepted");
    await logged(house, { mesh: replay.id, outcome: "repeated" });
    await logged(house, { mesh: late.id, outcome: "refused", reasons: ["not-your-turn"] });
  });

  it("lets nobody answer another's offer, and tells them no more than that there is nothing", async () => {
    const { reference, offer } = await refer();
    const thief = says(idOf(offer), { verb: "accept" }, OTHERS);
    const guess = says(NO_OFFER, { verb: "accept" }, OTHERS);
    const stranger = says(idOf(offer), { verb: "accept" }, STRANGER);
    await looks();
    expect(await statusOf(reference)).toBe("offered");
    const nothing = [{ outcome: "not-found", problem: { errors: [{ code: "not-found" }] } }];
    expect(told(thief)).toMatchObject(nothing);
    expect(told(guess)).toMatchObject(nothing);
    expect(JSON.stringify(told(thief))).not.toContain("preview");
    // Somebody without a client here is told nothing at all.
    expect(told(stranger)).toEqual([]);
    expect(await kept(stranger)).toEqual([{ outcome: "stranger", reasons: null, has_body: true }]);
    expect(stranger.status).toBe("acknowledged");
    await logged(house, { mesh: thief.id, outcome: "not-found", reasons: ["not-found"] });
    await logged(house, { mesh: stranger.id, outcome: "stranger" });
  });

  it("answers a bad document with every fault in it, keeps it sealed, and holds up nobody behind it", async () => {
    const { reference, offer } = await refer();
    const bad = says(idOf(offer), { verb: "decline", reason: "tired", "Perpetua Quillfeather": 1 });
    const nonsense = mesh.put({ from: THEIRS, to: OURS, workflow: ANSWERS, body: "<xml/>" });
    const broken = mesh.put({ from: THEIRS, to: OURS, workflow: ANSWERS, body: "not gzip", encoding: "gzip" });
    const other = mesh.put({ from: THEIRS, to: OURS, workflow: "PATHOLOGY", body: "{}" });
    const good = says(idOf(offer), { verb: "acknowledge" });
    await looks();
    expect(told(bad)[0]?.problem?.errors).toMatchObject([
      { code: "not-one-of", path: "reason" },
      { code: "unknown", path: "Perpetua Quillfeather" },
    ]);
    expect(await kept(bad)).toEqual([{ outcome: "refused", reasons: ["not-one-of", "unknown"], has_body: true }]);
    expect(told(nonsense)[0]?.problem?.errors).toMatchObject([{ code: "not-json" }]);
    expect(told(broken)[0]?.problem?.errors).toMatchObject([{ code: "not-json" }]);
    expect([told(other), await kept(other)]).toMatchObject([[], [{ outcome: "other-workflow" }]]);
    expect(told(good)).toMatchObject([{ outcome: "changed" }]);
    expect(await statusOf(reference)).toBe("acknowledged");
    const stored = await house.sql<{ text: string }>("SELECT p::text AS text FROM waymark.mesh_parcel p");
    expect(JSON.stringify([stored, house.log])).not.toContain("Quillfeather");
  });

  it("reads no more of an answer than a page, announced or not, packed or in pieces", async () => {
    const { reference, offer } = await refer();
    const ten = 10 * 1_024 ** 3;
    const announced = says(idOf(offer), { verb: "accept" });
    mesh.next("download", (res) => void res.writeHead(200, { "content-length": String(ten) }).write("{"));
    const bomb = mesh.put({
      from: THEIRS,
      to: OURS,
      workflow: ANSWERS,
      encoding: "gzip",
      body: gzipSync(Buffer.alloc(50_000_000, 0x20)),
    });
    const pieces = mesh.put({
      from: THEIRS,
      to: OURS,
      workflow: ANSWERS,
      body: "",
      chunks: Array.from({ length: 500 }, () => Buffer.from(" ")),
    });
    await looks();
    for (const one of [announced, bomb, pieces]) {
      expect(told(one)).toMatchObject([{ outcome: "refused", problem: { errors: [{ code: "too-large" }] } }]);
      expect(one.status).toBe("acknowledged");
    }
    expect(await statusOf(reference)).toBe("offered");
  });

  it("puts an answer in pieces together", async () => {
    const { reference, offer } = await refer();
    const text = Buffer.from(JSON.stringify({ type: "offer.answer", offer: idOf(offer), verb: "accept" }));
    const chunks = [text.subarray(0, 20), text.subarray(20)].map((part) => gzipSync(part));
    const pieces = mesh.put({ from: THEIRS, to: OURS, workflow: ANSWERS, body: "", encoding: "gzip", chunks });
    await looks();
    expect(told(pieces)).toMatchObject([{ outcome: "changed" }]);
    expect(await statusOf(reference)).toBe("accepted");
  });

  it("leaves what cannot be had for the next look, behind what can", async () => {
    const { reference, offer } = await refer();
    mesh.next("download", 503);
    const stuck = says(idOf(offer), { verb: "acknowledge" });
    const next = says(idOf(offer), { verb: "acknowledge" });
    await looks();
    expect([stuck.status, next.status]).toEqual(["accepted", "acknowledged"]);
    expect(await kept(stuck)).toEqual([]);
    expect(await statusOf(reference)).toBe("acknowledged");
    await looks();
    expect(stuck.status).toBe("acknowledged");
  });

  it("makes an offer that nobody collected a person's task, once, and only while it waits", async () => {
    const { reference, offer } = await refer();
    await house.quiet();
    const report = mesh.returns(offer.id);
    const again = { ...report, id: `${report.id}X`, status: "accepted" as const };
    mesh.messages.push(again);
    const answered = await refer();
    says(idOf(answered.offer), { verb: "accept" });
    await looks();
    const tooLate = mesh.returns(answered.offer.id);
    await looks();
    const dead = await house.sql(
      "SELECT kind, destination, cause FROM waymark.work WHERE dead_at IS NOT NULL AND subject = ANY ($1)",
      [[idOf(offer), idOf(answered.offer)]],
    );
    expect(dead).toEqual([{ kind: "deliver", destination: `provider:${COACHING}`, cause: "mesh-14" }]);
    expect([await kept(report), await kept(again), await kept(tooLate)]).toMatchObject([
      [{ outcome: "returned" }],
      [{ outcome: "nothing-known" }],
      [{ outcome: "nothing-known" }],
    ]);
    expect(await statusOf(reference)).toBe("offered");
    expect(mesh.messages.filter((one) => one.workflow.endsWith("_ACK") && one.to === OURS)).toEqual([]);
  });

  it("tells nobody twice when the answer to our reply is lost", async () => {
    const { offer } = await refer();
    const one = says(idOf(offer), { verb: "acknowledge" });
    mesh.next("send", "lose");
    await looks();
    await looks();
    await looks();
    expect(told(one)).toHaveLength(1);
    expect(await house.sql("SELECT reply FROM waymark.mesh_parcel WHERE message_id = $1", [one.id])).toEqual([
      { reply: "sent" },
    ]);
  });

  it("greets MESH once a day, looks again in five minutes, and takes a refused token for what it is", async () => {
    expect(mesh.asked.filter((kind) => kind === "handshake")).toHaveLength(1);
    await looks();
    const [row] = await house.sql<{ due: Date; attempt: number }>(
      "SELECT due, attempt FROM waymark.work WHERE kind = 'collect'",
    );
    const minutes = ((row?.due.getTime() ?? 0) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(4.5);
    expect(minutes).toBeLessThan(5.1);
    expect(row?.attempt).toBe(0);
    mesh.next("inbox", 403);
    await looks();
    expect(house.log.join("\n")).toContain('"cause":"answered-403"');
  });

  it("forgets with the person what nobody could read about them", async () => {
    const { reference, offer } = await refer();
    const bad = says(idOf(offer), { verb: "end", reason: "completed", text: 5 });
    await looks();
    expect(await kept(bad)).toMatchObject([{ has_body: true }]);
    const [row] = await house.sql<{ case_id: string }>("SELECT case_id FROM waymark.referral WHERE reference = $1", [
      reference,
    ]);
    await house.broker.ground.store.ledger.forget(row?.case_id ?? "");
    expect(await kept(bad)).toMatchObject([{ outcome: "refused", has_body: false }]);
  });
});
