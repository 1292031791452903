// The visit of a provider without a system: begun behind a link, and good for its answer alone.
import type { Request, Response } from "express";
import type { Client } from "../../schemas/client.ts";
import { VISIT } from "../../src/core/link.ts";
import type { OfferView } from "../../src/ports/views.ts";
import { visitCookie } from "./visit-cookie.ts";

export type Visit = { client: Client; offer: OfferView; form: string };
export type Visited = (visit: Visit, req: Request, res: Response) => Promise<void> | void;

export const answerVisit = visitCookie("waymark-visit", "/answer", VISIT.hours * 60);
