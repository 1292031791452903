// How much news was there for me? A subscriber compares it with what it has heard.
import type { Clients } from "../ports/clients.ts";
import type { Views } from "../ports/views.ts";

export const createNewsCountView =
  (clients: Pick<Clients, "newsCount">): Views["newsCount"] =>
  (client) =>
    clients.newsCount(client.id);
