// How much news was there for me? A subscriber compares it with what it has heard.
import type { Clients, Views } from "../ports.ts";

export const createNewsCountView =
  (clients: Pick<Clients, "newsCount">): Views["newsCount"] =>
  (client) =>
    clients.newsCount(client.id);
