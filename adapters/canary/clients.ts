// The two ends of the canary as clients. They are no rows of the register: nobody can list, change or come in as one of them.
import { CANARY, CANARY_PROVIDER, CANARY_REFERRER } from "../../schemas/canary.ts";
import { type Client, SCOPES } from "../../schemas/client.ts";
import type { Clients } from "../../src/ports/clients.ts";

/** `.invalid` leads nowhere (RFC 2606): what is posted there by mistake reaches nobody. */
export const ADDRESSES = {
  referrer: "https://referrer.waymark-canary.invalid",
  provider: "https://provider.waymark-canary.invalid",
} as const;

/** `secret`: known to this process alone, which posts and receives. */
export const createCanaryClients = (clients: Clients, secret: string): Clients => {
  const shared = { organisation: CANARY, name: "The canary", test: true, webhookSecrets: [secret] };
  const ends: Client[] = [
    {
      ...shared,
      id: CANARY_REFERRER,
      kind: "jobcentre",
      callbackUrl: ADDRESSES.referrer,
      scopes: SCOPES.jobcentre,
    },
    {
      ...shared,
      id: CANARY_PROVIDER,
      kind: "provider",
      callbackUrl: ADDRESSES.provider,
      reach: { by: "webhook" },
      scopes: SCOPES.provider,
    },
  ];
  return {
    ...clients,
    byId: async (id) => ends.find((one) => one.id === id) ?? clients.byId(id),
    byOrganisation: async (kind, organisation, test) =>
      organisation === CANARY
        ? ends.find((one) => one.kind === kind)
        : clients.byOrganisation(kind, organisation, test),
    organisations: async () => [CANARY],
  };
};
