// Asking the person: requests with their links in the store, and what the page behind a link may do.
import type { AskStanding, ConsentAsk, ConsentRequest } from "../../schemas/asking.ts";
import type { DisclosureField } from "../../schemas/disclosure.ts";
import type { NeedCode } from "../../schemas/need.ts";
import type { ProviderOrganisation } from "../../schemas/provider.ts";
import type { NewWork } from "../../schemas/work.ts";

/** Tokens and sessions are digests here: the token itself is in the letter alone. */
export type ConsentRequests = {
  /** Ends those before it of the same referral. Without work no letter leaves. */
  make(request: ConsentRequest, work?: NewWork): Promise<void>;
  /** All of one referral, newest last. */
  ofReferral(referral: string): Promise<ConsentRequest[]>;
  find(id: string): Promise<ConsentRequest | undefined>;
  /** The token of the letter that is about to leave; the one before opens nothing any more. */
  letter(id: string, token: string): Promise<void>;
  sent(id: string): Promise<void>;
  /** Counts a try before anything is compared. Undefined: no such token, or all tries are used. */
  attempt(token: string, tries: number): Promise<ConsentRequest | undefined>;
  /** Somebody showed who they are: tries begin anew, and one visit goes on until then, or none. */
  open(id: string, visit?: { token: string; until: Date }): Promise<void>;
  visit(token: string, now: Date): Promise<ConsentRequest | undefined>;
  leave(token: string): Promise<void>;
};

export type AskShown = Pick<ConsentAsk, "kind"> & {
  /** Of the programme. */
  programme: string;
  recipient?: Pick<ProviderOrganisation, "name" | "class">;
  /** What would be given. */
  fields: DisclosureField[];
};

export type AskPage = {
  request: ConsentRequest;
  standing: AskStanding;
  reference: string;
  need?: NeedCode;
  /** Who refers, by the name that they gave. */
  referrer?: string;
  asks: AskShown[];
  /** The mark that the visit's forms must carry. */
  form: string;
};

/** What stands behind the link. Whatever is wrong before the person has shown who they are is answered alike. */
export type AskDesk = {
  prove(
    token: string,
    birthDate: string,
  ): Promise<
    { outcome: "in"; session: string } | { outcome: "over"; standing: Exclude<AskStanding, "open"> } | { outcome: "no" }
  >;
  page(session: string): Promise<AskPage | undefined>;
  leave(session: string): Promise<void>;
};
