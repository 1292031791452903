// A Subscription of ours at a provider's FHIR server, so that it rings when a Task of ours changes. It says no more than
// that something did: we look ourselves.
import { createHmac } from "node:crypto";
import { z } from "zod";
import { FhirId } from "../../schemas/foreign/fhir/datatypes.ts";
import type { Client } from "../../schemas/client.ts";
import type { TaskForm } from "../../src/ports/outward.ts";
import type { Clock } from "../../src/ports/system.ts";
import { createMemo } from "../http/memo.ts";
import { readJson } from "../http/json.ts";
import type { Fhir } from "../outbound/fhir.ts";
import type { Login } from "../outbound/tokens.ts";

export type Subscriptions = {
  /** There is one, and it is on. Looked after once an hour; where it cannot be kept, looking now and then must do. */
  keep(to: Client, login: Login): Promise<void>;
};

/** The header that a server sends with each notification. */
export const BELL_HEADER = "x-waymark-bell";

/** Drawn from the secret that both sides hold, so that the one that signs never stands in a resource of theirs. */
export const bellSecret = (client: string, webhookSecret: string): string =>
  createHmac("sha256", webhookSecret).update(`waymark-bell-1.${client}`).digest("base64url");

const KEPT_MS = 3_600_000;

const Standing = z.looseObject({
  resourceType: z.literal("Subscription"),
  id: FhirId,
  status: z.enum(["requested", "active", "error", "off"]),
  channel: z.looseObject({ endpoint: z.string().optional() }),
});

const Found = z.object({
  resourceType: z.literal("Bundle"),
  entry: z
    .array(z.object({ resource: z.unknown() }))
    .max(50)
    .optional(),
});

type Options = { fhir: Fhir; form: TaskForm; clock: Clock; publicUrl: string };

export const createSubscriptions = ({ fhir, form, clock, publicUrl }: Options): Subscriptions => {
  const kept = createMemo<true | undefined>(clock, KEPT_MS);

  /** R4 rest-hook with an empty payload: the notification is a request without a body. */
  const wanted = (to: Client, endpoint: string) => ({
    resourceType: "Subscription",
    status: "requested",
    reason: "Waymark follows the offers that it made",
    criteria: `Task?identifier=${form.identifier("")}`,
    channel: {
      type: "rest-hook",
      endpoint,
      header: to.webhookSecrets.slice(0, 1).map((secret) => `${BELL_HEADER}: ${bellSecret(to.id, secret)}`),
    },
  });

  const ours = async (login: Login, endpoint: string): Promise<z.infer<typeof Standing>[] | undefined> => {
    const searchParams = { url: endpoint };
    const reply = await fhir.ask(login, (kit) => kit.resourceSearch({ resourceType: "Subscription", searchParams }));
    if (reply.kind === "failed" || reply.status !== 200) return undefined;
    const json = readJson(Buffer.from(reply.body, "utf8"));
    const set = Found.safeParse(json.ok ? json.value : undefined);
    if (!set.success) return undefined;
    return (set.data.entry ?? []).flatMap(({ resource }) => {
      const one = Standing.safeParse(resource);
      return one.success && one.data.channel.endpoint === endpoint ? [one.data] : [];
    });
  };

  const ensure = async (to: Client, login: Login): Promise<true | undefined> => {
    const endpoint = `${publicUrl}/provider/v1/bells/${to.id}`;
    const body = wanted(to, endpoint);
    const standing = await ours(login, endpoint);
    if (standing === undefined) return undefined;
    const [first] = standing;
    const live = standing.find((one) => one.status === "requested" || one.status === "active");
    if (live !== undefined) return true;
    // A server never switches one on again by itself (backport, "Subscription lifecycle"): whoever asked for it does.
    const reply = await fhir.ask(login, (kit) =>
      first === undefined
        ? kit.create({
            resourceType: "Subscription",
            body,
            options: { headers: { "if-none-exist": `url=${endpoint}` } },
          })
        : kit.update({ resourceType: "Subscription", id: first.id, body: { ...body, id: first.id } as never }),
    );
    return reply.kind === "answer" && reply.status < 300 ? true : undefined;
  };

  return {
    async keep(to, login) {
      // A new secret or address is a new subscription's.
      const name = JSON.stringify([to.id, login.base, to.webhookSecrets[0]]);
      await kept(name, () => ensure(to, login));
    },
  };
};
