// Letting people in who have no system, providers and those who were referred: the letter with its link, the visit, silence.
import type { Store } from "../adapters/postgres/index.ts";
import type { Vault } from "../adapters/postgres/vault.ts";
import { createEmail, createInvite } from "../adapters/providers/email.ts";
import { type Asking, composeAsking } from "./asking.ts";
import type { Bell } from "./ports/agenda.ts";
import type { Doorkeeper, NumberCheck } from "./ports/links.ts";
import type { Letters, Transport } from "./ports/outward.ts";
import type { Rulebook } from "./ports/rulebook.ts";
import type { Steps } from "./ports/steps.ts";
import type { Clock, Ids } from "./ports/system.ts";
import { createNumberCheck } from "./steps/check-number.ts";
import { createKnock } from "./steps/knock.ts";
import { createRedeem } from "./steps/redeem.ts";
import { createRelink } from "./steps/relink.ts";
import { createSendCode } from "./steps/send-code.ts";
import { createLeave, createVisitor } from "./steps/visit.ts";
import { createLinkView } from "./views/link.ts";

type Ground = { store: Store; vault: Vault; rulebook: Rulebook; clock: Clock; ids: Ids };
export type Links = {
  transport: Transport;
  knock: Steps["knock"];
  doorkeeper: Doorkeeper;
  asking: Asking;
  letters: Letters;
};

export const composeLinks = (ground: Ground, letters: Letters, publicUrl: string, bell: Bell): Links => {
  const { store, vault, clock, ids } = ground;
  const { links, codes, clients, ledger, agenda } = store;
  const { digest } = vault;
  const invite = createInvite({ letters, links, digest, clock, ids, publicUrl });
  return {
    letters,
    transport: createEmail(invite, letters),
    asking: composeAsking(ground, letters, publicUrl, bell),
    knock: createKnock({ ledger, agenda, links, letters, clock, bell }),
    doorkeeper: {
      look: createLinkView({ links, ledger, clients, clock, digest }),
      sendCode: createSendCode({ links, codes, clients, letters, clock, ids, digest }),
      redeem: createRedeem({ links, codes, clock, ids, digest }),
      relink: createRelink({ links, ledger, clients, invite, clock, digest }),
      visitor: createVisitor({ links, clients, clock, digest }),
      leave: createLeave({ links, digest }),
    },
  };
};

export const composeNumberCheck = (
  { store, vault, clock, ids }: Omit<Ground, "rulebook">,
  letters: Letters,
): NumberCheck =>
  createNumberCheck({ clients: store.clients, codes: store.codes, letters, clock, ids, digest: vault.digest });
