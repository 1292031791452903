// The store: everything that src/ports.ts asks of it, on one engine.
import type { Agenda, Clients, Clock, Desk, Ids, Intake, Ledger, Reader } from "../../src/ports.ts";
import type { BreakerRows } from "../outbound/breakers.ts";
import { createAgenda } from "./agenda.ts";
import { createBreakerRows } from "./breaker-rows.ts";
import { createClients } from "./clients.ts";
import { createDesk } from "./desk.ts";
import type { Engine } from "./engine.ts";
import { createIntake } from "./intake.ts";
import { createLedger } from "./ledger.ts";
import { createReader } from "./reader.ts";
import type { Vault } from "./vault.ts";

export type Store = {
  intake: Intake;
  ledger: Ledger;
  agenda: Agenda;
  clients: Clients;
  reader: Reader;
  desk: Desk;
  breakerRows: BreakerRows;
  /** Takes nothing more, and returns when what was taken is committed. The engine stays open: whoever opened it closes it. */
  close(): Promise<void>;
};

export const createStore = (on: { engine: Engine; vault: Vault; clock: Clock; ids: Ids }): Store => {
  const intake = createIntake(on);
  const ledger = createLedger(on);
  const agenda = createAgenda(on);
  return {
    intake,
    ledger,
    agenda,
    clients: createClients(on),
    reader: createReader(on),
    desk: createDesk(on),
    breakerRows: createBreakerRows(on.engine),
    close: async () => {
      await Promise.all([intake.close(), ledger.close(), agenda.close()]);
    },
  };
};
