// Keeps one Task for each referral in a GP's own FHIR server: read first, so that old news never covers newer.
import type { AttemptOutcome } from "../../schemas/work.ts";
import type { Client } from "../../schemas/client.ts";
import type { Messenger, News, NewsForm } from "../../src/ports/outward.ts";
import type { Clock } from "../../src/ports/system.ts";
import { readJson } from "../http/json.ts";
import type { Fhir, Reply, Signed } from "../outbound/fhir.ts";
import { outcomeOf } from "../outbound/outcome.ts";
import type { Login } from "../outbound/tokens.ts";
import type { Signer } from "./sign.ts";

type Options = { fhir: Fhir; form: NewsForm; signer: Pick<Signer, "headers">; clock: Clock };
type Server = Parameters<Fhir["ask"]>[0];

const ACCEPTED: AttemptOutcome = { kind: "accepted", status: 200 };

export const createTaskNews = ({ fhir, form, signer, clock }: Options): Messenger => {
  const outcome = (reply: Reply): AttemptOutcome => outcomeOf(reply, { now: clock.now(), idempotent: true });

  /** As a client of its server where we are registered there; else signed like all other news. */
  const serverOf = (base: string, callback: News, to: Client): Server => {
    if (to.callbackLogin !== undefined) return { base, scope: "system/Task.crus", ...to.callbackLogin } satisfies Login;
    const signed: Signed = (body) =>
      signer.headers({ id: callback.id, at: clock.now(), body, secrets: to.webhookSecrets });
    return { base, signed };
  };

  const look = async (server: Server, callback: News) => {
    const searchParams = { identifier: form.identifier(callback), _count: 2 };
    const reply = await fhir.ask(server, (kit) => kit.resourceSearch({ resourceType: "Task", searchParams }));
    const came = outcome(reply);
    if (reply.kind === "failed" || came.kind !== "accepted") return came;
    const json = readJson(Buffer.from(reply.body, "utf8"));
    const found = json.ok ? form.find(json.value, callback) : undefined;
    return found ?? ({ kind: "unavailable", cause: "answer-unreadable", status: reply.status } as const);
  };

  return {
    async send(callback, to) {
      if (to.callbackUrl === undefined) return { kind: "refused", cause: "no-address" };
      const server = serverOf(to.callbackUrl, callback, to);
      const found = await look(server, callback);
      if ("kind" in found) return found;
      const [there, ...more] = found;
      if (more.length > 0) return { kind: "refused", cause: "several-tasks" };
      if (there?.tells === "this-or-newer") return ACCEPTED;
      const news = form.render(callback, to) as { resourceType: string };
      const headers: Record<string, string> = { prefer: "return=minimal" };
      if (there === undefined) {
        headers["if-none-exist"] = `identifier=${form.identifier(callback)}`;
        return outcome(
          await fhir.ask(server, (kit) => kit.create({ resourceType: "Task", body: news, options: { headers } })),
        );
      }
      if (there.version !== undefined) headers["if-match"] = `W/"${there.version}"`;
      // What the practice put into it stays, but an old reason is none any more.
      const { statusReason: _old, ...theirs } = there.resource;
      const { id } = there;
      const body = { ...theirs, ...news };
      return outcome(
        await fhir.ask(server, (kit) => kit.update({ resourceType: "Task", id, body, options: { headers } })),
      );
    },
  };
};
