// Time from the answer to the offer: messages at a steady rate, a receiver that notes when each offer arrives.
import { randomUUID } from "node:crypto";
import { setTimeout as until } from "node:timers/promises";
import { barsMessage } from "../fixtures/gp/index.ts";
import { listen } from "../world/system.ts";
import { quantile } from "./statistics.ts";
import { startSubject } from "./subject.ts";

export type Delivery = { perSecond: number; sent: number; delivered: number; p50: number; p99: number; most: number };

/** Providers of the sample packs that may get an Islington patient's referral for work, or for social support. */
const PROVIDERS = ["sample-link-workers"];

export const measureDelivery = async (
  env: Record<string, string>,
  options: { perSecond: number; seconds: number },
): Promise<Delivery> => {
  const arrived = new Map<string, number>();
  const receiver = await listen(0, (post) => {
    const now = performance.now();
    const { reference } = JSON.parse(post.body) as { reference: string };
    if (!arrived.has(reference)) arrived.set(reference, now);
    return { status: 202 };
  });
  const subject = await startSubject("broker.ts", env, [PROVIDERS.join(), String(receiver.port)]);

  const send = async (): Promise<{ reference: string; at: number }> => {
    const reply = await fetch(subject.url, {
      method: "POST",
      headers: {
        ...subject.headers,
        "content-type": "application/fhir+json",
        "x-request-id": randomUUID(),
        "x-correlation-id": randomUUID(),
      },
      body: JSON.stringify(barsMessage({ seed: randomUUID(), need: "social-support", person: { postcode: "N1 2UD" } })),
    });
    const text = await reply.text();
    const at = performance.now();
    const reference = /WM-[2-9A-Z]{4}-[2-9A-Z]{4}/.exec(text)?.[0];
    if (!reply.ok || reference === undefined) throw new Error(`refused: ${reply.status} ${text.slice(0, 300)}`);
    return { reference, at };
  };

  try {
    for (let warm = 0; warm < 20; warm += 1) await send();
    const started = performance.now();
    const sending: ReturnType<typeof send>[] = [];
    for (let at = 0; at < options.perSecond * options.seconds; at += 1) {
      await until(Math.max(0, started + (at * 1000) / options.perSecond - performance.now()));
      sending.push(send());
    }
    const sent = await Promise.all(sending);
    const patience = performance.now() + 15_000;
    while (sent.some((one) => !arrived.has(one.reference)) && performance.now() < patience) await until(20);
    const waits = sent.flatMap(({ reference, at }) => {
      const there = arrived.get(reference);
      // An offer may arrive before its sender has read the answer: then nobody waited.
      return there === undefined ? [] : [Math.max(0, there - at)];
    });
    return {
      perSecond: options.perSecond,
      sent: sent.length,
      delivered: waits.length,
      p50: quantile(waits, 0.5),
      p99: quantile(waits, 0.99),
      most: quantile(waits, 1),
    };
  } finally {
    await subject.stop();
    await receiver.close();
  }
};
