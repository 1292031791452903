// The store: everything that src/ports/ asks of it, on one engine.
import type { AuditBook } from "../../src/ports/audit.ts";
import type { Agenda } from "../../src/ports/agenda.ts";
import type { Canaries } from "../../src/ports/canary.ts";
import type { ConsentRequests } from "../../src/ports/asking.ts";
import type { Clients, Register } from "../../src/ports/clients.ts";
import type { DeadLetters } from "../../src/ports/dead-letters.ts";
import type { Desk } from "../../src/ports/desk.ts";
import type { Intake } from "../../src/ports/intake.ts";
import type { JournalBook, QuarantineDesk } from "../../src/ports/journal.ts";
import type { Ledger } from "../../src/ports/ledger.ts";
import type { Codes, Links } from "../../src/ports/links.ts";
import type { MailBook } from "../../src/ports/mailbox.ts";
import type { MonitoringBook } from "../../src/ports/monitoring.ts";
import type { Alerts, Lookout } from "../../src/ports/on-call.ts";
import type { OfferLeases } from "../../src/ports/offer-leases.ts";
import type { Pauses } from "../../src/ports/pauses.ts";
import type { Reader } from "../../src/ports/reading.ts";
import type { Restoring } from "../../src/ports/restoring.ts";
import type { PackRegister, Archive } from "../../src/ports/rulebook.ts";
import type { Clock, Ids } from "../../src/ports/system.ts";
import type { BreakerRows } from "../outbound/breakers.ts";
import { createAuditBook } from "./audit-book.ts";
import { createAgenda } from "./agenda.ts";
import { createAlerts } from "./alerts.ts";
import { createArchive } from "./archive.ts";
import { createOfferLeases } from "./offer-leases.ts";
import { createPackRegister } from "./pack-register.ts";
import { createBreakerRows } from "./breaker-rows.ts";
import { createCanaries } from "./canaries.ts";
import { createClients } from "./clients.ts";
import { createCodes } from "./codes.ts";
import { createConsentRequests } from "./consent-requests.ts";
import { createDeadLetters } from "./dead-letters.ts";
import { createDesk } from "./desk.ts";
import type { Engine } from "./engine.ts";
import { createIntake } from "./intake.ts";
import { createJournalBook } from "./journal-book.ts";
import { createLedger } from "./ledger.ts";
import { createLinks } from "./links.ts";
import { createLookout } from "./lookout.ts";
import { createMailBook } from "./mail-book.ts";
import { createMonitoring } from "./monitoring.ts";
import { createPauses } from "./pauses.ts";
import { createQuarantine } from "./quarantine.ts";
import { createReader } from "./reader.ts";
import { createRegister } from "./register.ts";
import { createRestoring } from "./restoring.ts";
import type { Vault } from "./vault.ts";

export type Store = {
  intake: Intake;
  ledger: Ledger;
  agenda: Agenda;
  clients: Clients;
  register: Register;
  deadLetters: DeadLetters;
  reader: Reader;
  desk: Desk;
  links: Links;
  codes: Codes;
  consentRequests: ConsentRequests;
  archive: Archive;
  packs: PackRegister;
  mailBook: MailBook;
  monitoring: MonitoringBook;
  pauses: Pauses;
  offerLeases: OfferLeases;
  breakerRows: BreakerRows;
  alerts: Alerts;
  lookout: Lookout;
  canaries: Canaries;
  journalBook: JournalBook;
  quarantine: QuarantineDesk;
  restoring: Restoring;
  auditBook: AuditBook;
  /** Takes nothing more, and returns when what was taken is committed. The engine stays open: whoever opened it closes it. */
  close(): Promise<void>;
};

export const createStore = (on: { engine: Engine; vault: Vault; clock: Clock; ids: Ids }): Store => {
  const intake = createIntake(on);
  const ledger = createLedger(on);
  const agenda = createAgenda(on);
  const clients = createClients(on);
  const breakerRows = createBreakerRows(on.engine, on.clock);
  return {
    intake,
    ledger,
    agenda,
    clients,
    register: createRegister(on),
    deadLetters: createDeadLetters(on),
    reader: createReader(on),
    desk: createDesk(on),
    links: createLinks(on),
    codes: createCodes(on),
    consentRequests: createConsentRequests(on),
    archive: createArchive(on),
    packs: createPackRegister(on),
    mailBook: createMailBook(on),
    monitoring: createMonitoring(on),
    pauses: createPauses(on),
    offerLeases: createOfferLeases(on),
    breakerRows,
    alerts: createAlerts(on),
    lookout: createLookout(on),
    canaries: createCanaries(on),
    journalBook: createJournalBook(on),
    quarantine: createQuarantine(on),
    restoring: createRestoring(on),
    auditBook: createAuditBook(on),
    close: async () => {
      await Promise.all([intake.close(), ledger.close(), agenda.close(), clients.close(), breakerRows.stop()]);
    },
  };
};
