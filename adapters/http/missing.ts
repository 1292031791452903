// Why something is not here: it never was, or it is another's, or we gave this reference and lost what it stood for.
import type { Client } from "../../schemas/client.ts";
import { reason, type Reason } from "../../schemas/reason.ts";
import type { Views } from "../../src/ports/views.ts";
import { Named } from "./telling.ts";

export const missing = async (
  views: Pick<Views, "lost">,
  client: Client,
  sent: unknown,
  path?: string,
): Promise<Reason> => {
  const named = Named.safeParse(sent);
  const lost = named.success && (await views.lost(client, named.data));
  return reason(lost ? "lost-in-restore" : "not-found", path);
};
