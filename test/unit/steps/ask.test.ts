// The letter to the person: sent once, by the contact that is safe now, and never again where the first may have left.
import { describe, expect, it } from "vitest";
import type { ConsentRequest } from "../../../schemas/asking.ts";
import type { Letter } from "../../../schemas/letter.ts";
import type { AttemptOutcome, Settlement, Work } from "../../../schemas/work.ts";
import type { Agenda } from "../../../src/ports/agenda.ts";
import type { ConsentRequests } from "../../../src/ports/asking.ts";
import type { Journey } from "../../../src/ports/ledger.ts";
import type { Letters } from "../../../src/ports/outward.ts";
import { createAsk } from "../../../src/steps/ask.ts";
import { aContent } from "../../builders/content.ts";
import { aJourney } from "../../builders/journey.ts";
import { only } from "../../builders/ports.ts";
import { NOW } from "../../builders/rules.ts";
import { ids } from "../../builders/store.ts";

const later = (minutes: number): Date => new Date(NOW.getTime() + minutes * 60_000);
const request: ConsentRequest = {
  id: "0192f000-0000-7000-8000-0000000000a1",
  referral: "r",
  organisation: "F83999",
  by: "text",
  asks: [],
  once: false,
  madeAt: NOW,
  endsAt: later(60),
};
const work: Work = {
  id: "w",
  kind: "ask",
  subject: request.id,
  referral: "r",
  destination: "letters",
  due: NOW,
  attempt: 0,
  token: "t",
  leaseUntil: NOW,
  firstDue: NOW,
  madeAt: NOW,
};
const waiting = (more: Partial<Journey> = {}): Journey =>
  aJourney({
    status: "held",
    hold: { event: "e", why: "consent", asks: [] },
    content: aContent({ person: { safeContact: { text: true } } }),
    ...more,
  });

type Given = {
  journey?: Journey;
  request?: Partial<ConsentRequest>;
  work?: Partial<Work>;
  idempotent?: boolean;
  fate?: Awaited<ReturnType<Letters["fate"]>>;
  outcome?: AttemptOutcome;
  intends?: boolean;
  now?: Date;
};

const asks = async (given: Given = {}) => {
  const letters: Letter[] = [];
  const settled: Settlement[] = [];
  const done: string[] = [];
  const step = createAsk({
    ledger: { open: async () => given.journey ?? waiting() },
    agenda: only<Agenda>({
      intend: async (_, way) => done.push(`intends ${way}`) > 0 && given.intends !== false,
      settle: async (_, settlement) => settled.push(settlement) > 0,
    }),
    requests: only<ConsentRequests>({
      find: async () => ({ ...request, ...given.request }),
      letter: async (_, token) => void done.push(`keeps ${token.slice(0, 4)}`),
      sent: async () => void done.push("sent"),
    }),
    letters: {
      carries: () => true,
      idempotent: () => given.idempotent === true,
      fate: async () => given.fate ?? "none",
      send: async (letter, to) => {
        letters.push(letter);
        done.push(`sends by ${to.by}`);
        return given.outcome ?? { kind: "accepted", status: 200 };
      },
    },
    clock: { now: () => given.now ?? NOW },
    ids,
    digest: (purpose) => `${purpose}-digest`,
    publicUrl: "https://waymark.example",
  });
  const worked = await step({ ...work, ...given.work });
  return { worked, letters, done, settled: settled[0] };
};

describe("a letter to the person", () => {
  it("leaves after its intent and its token's digest are written, and holds a link alone", async () => {
    const { letters, done, settled } = await asks();
    expect(done).toEqual(["intends text", "keeps ask-", "sends by text", "sent"]);
    expect(settled).toMatchObject({ kind: "done", tried: { outcome: "accepted", way: "text" } });
    const [letter] = letters;
    expect(letter).toMatchObject({ id: request.id, template: "consent-link", values: { days: 7 } });
    expect(JSON.stringify(letter?.values)).toMatch(
      /^\{"link":"https:\/\/waymark\.example\/consent\/[\w-]{43}","days":7\}$/,
    );
  });

  it.each<[string, Given, string]>([
    ["whose person was erased", { journey: { ...waiting(), content: undefined } as Journey }, "erased"],
    ["for a referral that waits no longer", { journey: waiting({ status: "offered" }) }, "nothing-to-ask"],
    ["that a newer one replaced", { request: { replacedAt: NOW } }, "nothing-to-ask"],
    ["whose time is over", { now: later(60) }, "nothing-to-ask"],
    [
      "to a contact that is safe no longer",
      { journey: waiting({ content: aContent({ person: { safeContact: { text: false, email: true } } }) }) },
      "no-safe-contact",
    ],
  ])("%s is not sent", async (_, given, cause) => {
    const { letters, settled } = await asks(given);
    expect(letters).toEqual([]);
    expect(settled).toEqual({ kind: "done", tried: { outcome: "skipped", cause } });
  });

  it("with words on when it is safe goes within half an hour or not at all", async () => {
    const once = { request: { once: true, endsAt: later(600) } };
    expect((await asks({ ...once, now: later(30) })).letters).toHaveLength(1);
    const late = await asks({ ...once, now: later(31) });
    expect([late.letters, late.settled]).toEqual([[], { kind: "dead", cause: "not-a-safe-time" }]);
  });

  it("is tried again where it did not leave, and is a person's task where nobody knows", async () => {
    const away = await asks({ outcome: { kind: "unavailable", cause: "connect-refused" } });
    expect(away.settled).toMatchObject({ kind: "again", cause: "connect-refused", attempted: true });
    expect(away.done).not.toContain("sent");
    const lost = await asks({ outcome: { kind: "unknown", cause: "connection-lost" } });
    expect(lost.settled).toMatchObject({ kind: "dead", cause: "unknown: connection-lost" });
  });

  it("is not sent by whoever lost the lease, nor a second time after a send that was cut off", async () => {
    const lost = await asks({ intends: false });
    expect([lost.worked, lost.letters, lost.settled]).toEqual(["nothing", [], undefined]);
    const cut = await asks({ work: { intent: { way: "text", at: NOW } } });
    expect(cut.letters).toEqual([]);
    expect(cut.settled).toMatchObject({ kind: "dead", cause: "unknown: interrupted" });
    const done = await asks({ request: { sentAt: NOW }, work: { intent: { way: "text", at: NOW } } });
    expect([done.letters, done.settled]).toEqual([[], expect.objectContaining({ kind: "done" })]);
  });

  const again = { idempotent: true, work: { attempt: 1 } };
  it.each<[NonNullable<Given["fate"]>, object, number]>([
    ["taken", { kind: "done", tried: { outcome: "accepted" } }, 0],
    ["undeliverable", { kind: "dead", cause: "no-such-mailbox" }, 0],
    ["unsure", { kind: "again", cause: "fate-unknown" }, 0],
    ["none", { kind: "done", tried: { outcome: "accepted" } }, 1],
  ])("that can be asked about was %s before", async (fate, settlement, count) => {
    const { letters, settled } = await asks({ ...again, fate });
    expect(settled).toMatchObject(settlement);
    expect(letters).toHaveLength(count);
  });

  it("is asked about only where one may have gone before", async () => {
    expect((await asks({ idempotent: true, fate: "taken" })).letters).toHaveLength(1);
    const cut = await asks({ idempotent: true, fate: "none", work: { intent: { way: "text", at: NOW } } });
    expect(cut.letters).toHaveLength(1);
  });
});
