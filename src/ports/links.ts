// Letting people in who have no system.
import type { Client } from "../../schemas/client.ts";
import type { Link, LinkStanding } from "../../schemas/link.ts";
import type { Offer } from "../../schemas/offer.ts";
import type { AttemptOutcome, NewWork } from "../../schemas/work.ts";

/** Links to offers. `token` is always a digest here: the token itself is in the letter alone. */
export type Links = {
  /** Ends those before it of the same offer, and plans its time-out. */
  make(
    link: Pick<Link, "id" | "offer" | "referral" | "client" | "endsAt"> & { token: string },
    knock: NewWork,
  ): Promise<void>;
  /** Another token for a link whose letter never left. */
  renew(id: string, token: string, endsAt: Date): Promise<void>;
  sent(id: string): Promise<void>;
  /** All links of one offer, newest last. */
  ofOffer(offer: string): Promise<Link[]>;
  byToken(token: string): Promise<Link | undefined>;
  /** False where it is no longer open: only one visit is ever opened by one link. */
  redeem(id: string, visit: { token: string; until: Date; ends: Date }): Promise<boolean>;
  /** The link of a visit that goes on; each look lengthens it. */
  visit(token: string, until: Date): Promise<Link | undefined>;
  leave(token: string): Promise<void>;
};

/** Codes sent to a telephone: one at a time for a link, or for a client at its sign-up. */
export type Codes = {
  /** False when `most` were sent before. */
  issue(subject: string, code: { digest: string; until: Date; most: number }): Promise<boolean>;
  /** Counts a try, then shows what it is compared with. Undefined: no code is out, its time is over, or all tries are used. */
  attempt(subject: string, tries: number): Promise<{ digest: string; left: number } | undefined>;
  /** True once for each code. */
  spend(subject: string, digest: string): Promise<boolean>;
};

/** Sends a provider without a system a link to one offer. `about`: what happened to it since, and when. */
export type Invite = (
  invitation: { offer: Offer; reference: string; about?: { kind: "recalled" | "changed" | "checkpoint"; at: Date } },
  to: Client,
) => Promise<AttemptOutcome>;

/** `gone`: nothing to open behind this token, or no longer. */
export type Doorkeeper = {
  /** Changes nothing: mail scanners open links. `phone` is the end of the number that a code would go to; `offer` is for the log. */
  look(token: string): Promise<{ standing: LinkStanding | "closed" | "unknown"; offer?: string; phone?: string }>;
  sendCode(token: string): Promise<"sent" | "not-sent" | "too-many" | "gone">;
  redeem(
    token: string,
    code: string,
  ): Promise<{ outcome: "in"; session: string } | { outcome: "wrong"; left: number } | { outcome: "no-code" | "gone" }>;
  /** Sends another link to the address that the first one went to. */
  relink(token: string): Promise<"sent" | "not-sent" | "too-many" | "gone">;
  /** Who visits, and the mark that their forms must carry. */
  visitor(session: string): Promise<{ client: Client; offer: string; form: string } | undefined>;
  leave(session: string): Promise<void>;
};

/** At sign-up: is this telephone the provider's own? */
export type NumberCheck = {
  send(client: Client): Promise<AttemptOutcome | "too-many">;
  compare(
    client: Client,
    code: string,
  ): Promise<{ outcome: "checked" } | { outcome: "wrong"; left: number } | { outcome: "no-code" }>;
};
