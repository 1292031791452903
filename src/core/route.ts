// Whom something goes to and how; or, where it goes nowhere by itself, what the attempt leaves behind.
import type { Client } from "../../schemas/client.ts";
import type { Settlement } from "../../schemas/work.ts";
import type { Attempt } from "./retry.ts";
import { tryAgain } from "./settle.ts";

export type Route<T> = { kind: "dial"; transport: T; provider: Client };

/** `pull`: the provider looks into its queue and finds it there, so that there is nothing to dial. */
export const routeTo = <T extends object>(
  provider: Client | undefined,
  transportTo: (provider: Client) => T | "pull" | undefined,
  facts: Omit<Attempt, "retryAfterSeconds">,
): Route<T> | { kind: "pull" } | Settlement => {
  if (provider === undefined) return tryAgain({ outcome: "unmatched", cause: "no-client" }, facts);
  if (provider.silencedAt !== undefined) return tryAgain({ outcome: "disabled", cause: "silenced" }, facts);
  const transport = transportTo(provider);
  if (transport === undefined) return tryAgain({ outcome: "unmatched", cause: "no-transport" }, facts);
  return transport === "pull" ? { kind: "pull" } : { kind: "dial", transport, provider };
};
