// What a referrer is asked for where nobody can say yet: a fact by its name, or where the person lives.
import { reason, type Reason } from "../../schemas/reason.ts";

export const askFor = (fact: string): Reason =>
  fact === "area" ? reason("area-unknown", "person.authority") : reason("fact-unknown", fact);
