// A provider with no system: a letter with a link. It says that something waits, and nothing of whom or what.
import { outcomeOfFate } from "../../src/core/fate.ts";
import { WANTED } from "../../src/core/word.ts";
import { LINK, linkEnds, knockAt, standingOf } from "../../src/core/link.ts";
import type { Letter } from "../../schemas/letter.ts";
import type { Link } from "../../schemas/link.ts";
import type { Offer } from "../../schemas/offer.ts";
import type { AttemptOutcome } from "../../schemas/work.ts";
import type { Invite, Links } from "../../src/ports/links.ts";
import type { Letters, Transport } from "../../src/ports/outward.ts";
import type { Clock, Digest, Ids } from "../../src/ports/system.ts";

type Options = {
  letters: Letters;
  links: Links;
  digest: Digest;
  clock: Clock;
  ids: Ids;
  /** Root of our own links, without a slash at the end. */
  publicUrl: string;
};

const TEMPLATE = {
  made: "offer-link",
  recalled: "offer-recalled",
  changed: "offer-changed",
  checkpoint: "offer-question",
} as const;

export const createInvite =
  (options: Options): Invite =>
  async ({ offer, reference, about }, to) => {
    const { letters, links, clock, publicUrl } = options;
    if (to.reach?.by !== "email") return { kind: "refused", cause: "no-address" };

    const last = (await links.ofOffer(offer.id)).findLast(({ madeAt }) => about === undefined || madeAt >= about.at);
    const unsent = last !== undefined && isUnsent(last, clock.now()) ? last : undefined;
    const before = unsent && (await outcomeBefore(options, unsent));
    if (before !== undefined) return before;

    const token = options.ids.bytes(32).toString("base64url");
    const id = await keep(options, { offer, client: to.id, token: options.digest("link", token), unsent });
    const values = { reference, link: `${publicUrl}/open/${token}`, days: LINK.days };
    const letter: Letter = { id, template: TEMPLATE[about?.kind ?? "made"], values };
    const outcome = await letters.send(letter, { by: "email", address: to.reach.address });
    if (outcome.kind === "accepted") await links.sent(id);
    return outcome;
  };

/** An attempt came before this one, and nobody said that its letter was taken. */
const isUnsent = (link: Link, now: Date): boolean => link.sentAt === undefined && standingOf(link, now) === "open";

/** Where letters are remembered, the one before may have left all the same: then its link is good, and no other follows. */
const outcomeBefore = async ({ letters, links }: Options, { id }: Link): Promise<AttemptOutcome | undefined> => {
  if (!letters.idempotent("email")) return undefined;
  const before = outcomeOfFate(await letters.fate(id, "email"));
  if (before?.kind === "accepted") await links.sent(id);
  return before;
};

type Kept = { offer: Offer; client: string; token: string; unsent: Link | undefined };

/** The id of the link: one for all attempts at one letter, and with it the letter's own. */
const keep = async ({ links, clock, ids }: Options, { offer, client, token, unsent }: Kept): Promise<string> => {
  const now = clock.now();
  const endsAt = linkEnds(now);
  if (unsent !== undefined) {
    await links.renew(unsent.id, token, endsAt);
    return unsent.id;
  }
  const id = ids.uuid();
  const { referral } = offer;
  const knock = { id: ids.uuid(), kind: "knock", subject: id, referral, destination: "knock" } as const;
  await links.make({ id, offer: offer.id, referral, client, endsAt, token }, { ...knock, due: knockAt(now) });
  return id;
};

export const createEmail = (invite: Invite, letters: Letters): Transport => ({
  name: "email",
  idempotent: letters.idempotent("email"),
  lacks({ reach, reachCheckedAt }) {
    if (reach?.by !== "email") return "no-address";
    if (!letters.carries("email")) return "no-channel-for-email";
    // The link is of no use without the code.
    if (!letters.carries("text")) return "no-channel-for-text";
    return reachCheckedAt === undefined ? "number-not-checked" : undefined;
  },
  send: invite,
  tell: ({ offer, reference, kind, at }, to) => invite({ offer, reference, about: { kind, at } }, to),
  say({ id, reference, word }, to) {
    if (to.reach?.by !== "email") return Promise.resolve({ kind: "refused", cause: "no-address" });
    const letter: Letter = { id, template: "offer-word", values: { reference, wanted: WANTED[word.clock] } };
    return letters.send(letter, { by: "email", address: to.reach.address });
  },
});
