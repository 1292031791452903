// News as a notification of the Subscriptions R5 Backport on R4, id-only: that something changed, and where to read it.
import { NOTIFICATION_STATUS, TOPIC } from "../../schemas/foreign/fhir/systems.ts";
import type { RenderCallback } from "../../src/ports/outward.ts";
import { FHIR_JSON } from "./outcome.ts";

/** The registration is the subscription: it is read at this address, and no system may change it. */
export const subscriptionUrl = (publicUrl: string, client: string): string =>
  `${publicUrl}/fhir/R4/Subscription/${client}`;

type Part = { name: string; [value: string]: unknown };

/** `number`: the events since the subscription began. A gap in it tells the subscriber that it missed some. */
export const subscriptionStatus = (url: string, type: string, number: number, events: readonly Part[] = []) => ({
  resourceType: "Parameters",
  meta: { profile: [NOTIFICATION_STATUS] },
  parameter: [
    { name: "subscription", valueReference: { reference: url } },
    { name: "topic", valueCanonical: TOPIC },
    { name: "status", valueCode: "active" },
    { name: "type", valueCode: type },
    { name: "events-since-subscription-start", valueString: String(number) },
    ...events,
  ],
});

const ids = (correlationId: string | undefined): Record<string, string> =>
  correlationId === undefined ? {} : { "X-Correlation-Id": correlationId };

const read = (url: string) => ({ request: { method: "GET", url }, response: { status: "200" } });

export const notifications =
  (publicUrl: string): RenderCallback =>
  (callback) => {
    const subscription = subscriptionUrl(publicUrl, callback.client);
    const focus = `${publicUrl}/fhir/R4/ServiceRequest/${callback.referral}`;
    const number = callback.number ?? callback.sequence;
    const event = {
      name: "notification-event",
      part: [
        { name: "event-number", valueString: String(number) },
        { name: "timestamp", valueInstant: callback.at },
        { name: "focus", valueReference: { reference: focus } },
      ],
    };
    const status = subscriptionStatus(subscription, "event-notification", number, [event]);
    return {
      contentType: FHIR_JSON,
      headers: ids(callback.correlationId),
      body: JSON.stringify({
        resourceType: "Bundle",
        id: callback.id,
        type: "history",
        timestamp: callback.at,
        entry: [
          { fullUrl: `urn:uuid:${callback.id}`, resource: status, ...read(`${subscription}/$status`) },
          { fullUrl: focus, ...read(focus) },
        ],
      }),
    };
  };
