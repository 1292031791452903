// Asking the person for their own yes: the request, the letter, and the page behind its link.
import type { Store } from "../adapters/postgres/index.ts";
import type { Vault } from "../adapters/postgres/vault.ts";
import type { Bell } from "./ports/agenda.ts";
import type { AskDesk } from "./ports/asking.ts";
import type { Letters } from "./ports/outward.ts";
import type { Rulebook } from "./ports/rulebook.ts";
import type { Steps } from "./ports/steps.ts";
import type { Clock, Ids } from "./ports/system.ts";
import { createAsk } from "./steps/ask.ts";
import { createAskPerson } from "./steps/ask-person.ts";
import { createLeaveAsk, createProve } from "./steps/prove.ts";
import { createAskPage } from "./views/ask-page.ts";

type Ground = { store: Store; vault: Vault; rulebook: Rulebook; clock: Clock; ids: Ids };
export type Asking = { steps: Pick<Steps, "ask" | "askPerson">; desk: AskDesk };

export const composeAsking = (ground: Ground, letters: Letters, publicUrl: string, bell: Bell): Asking => {
  const { store, vault, rulebook, clock, ids } = ground;
  const { ledger, agenda, clients, reader, consentRequests: requests } = store;
  const { digest } = vault;
  return {
    steps: {
      askPerson: createAskPerson({ ledger, reader, requests, clients, rulebook, letters, clock, ids, bell }),
      ask: createAsk({ ledger, agenda, requests, letters, clock, ids, digest, publicUrl }),
    },
    desk: {
      prove: createProve({ ledger, requests, clock, ids, digest }),
      page: createAskPage({ ledger, requests, rulebook, clock, digest }),
      leave: createLeaveAsk({ requests, digest }),
    },
  };
};
