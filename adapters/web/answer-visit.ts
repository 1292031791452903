// The visit of a provider without a system: begun behind a link, and good for its answer alone.
import { VISIT } from "../../src/core/link.ts";
import { visitCookie } from "./visit-cookie.ts";

export const answerVisit = visitCookie("waymark-visit", "/answer", VISIT.hours * 60);
