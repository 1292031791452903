// What doors, pages and the command line may ask, bound to the store and the rules.
import type { Store } from "../adapters/postgres/index.ts";
import type { Rulebook } from "./ports/rulebook.ts";
import type { Clock, Ids } from "./ports/system.ts";
import type { Views } from "./ports/views.ts";
import { createAskedView } from "./views/asked.ts";
import { createAmendmentView } from "./views/amendment.ts";
import { createChangedView } from "./views/changed.ts";
import { createCheckView } from "./views/check.ts";
import { createConsentsView } from "./views/consents.ts";
import { createFoundView } from "./views/found.ts";
import { createNewsCountView } from "./views/news-count.ts";
import { createOffersView, createOfferView } from "./views/offers.ts";
import { createProfileView } from "./views/profile.ts";
import { createDecisionsView } from "./views/decisions.ts";
import { createPersonsReceiptView, createReceiptView } from "./views/receipt.ts";
import { createOwnRecallsView, createRecallsView } from "./views/recalls.ts";
import { createLostView } from "./views/lost.ts";
import { createReferralView } from "./views/referral.ts";

type Ground = { store: Pick<Store, "reader" | "clients" | "restoring">; rulebook: Rulebook; clock: Clock; ids: Ids };

export const composeViews = ({ store, rulebook, clock, ids }: Ground): Views => {
  const { reader, clients, restoring } = store;
  return {
    check: createCheckView({ rulebook, clients, clock, ids }),
    referral: createReferralView(reader, rulebook),
    lost: createLostView(restoring),
    amendment: createAmendmentView(reader),
    receipt: createReceiptView(reader),
    personsReceipt: createPersonsReceiptView(reader),
    decisions: createDecisionsView(reader),
    offers: createOffersView({ reader, rulebook, clock }),
    offer: createOfferView({ reader, rulebook, clock }),
    profile: createProfileView({ reader, rulebook, clock }),
    changed: createChangedView(reader, rulebook),
    find: createFoundView(reader, rulebook),
    consents: createConsentsView(reader),
    recalls: createRecallsView({ reader, clock }),
    ownRecalls: createOwnRecallsView({ reader, clock }),
    newsCount: createNewsCountView(clients),
    asked: createAskedView(reader, rulebook),
  };
};
