// The rival of a delivery: a bare BullMQ worker that signs and posts a body, and stores nothing. A process of its own, as the broker is.
import { Worker } from "bullmq";
import { Redis } from "ioredis";
import { Agent, request } from "undici";
import { createSigner } from "../../adapters/callbacks/sign.ts";
import type { Ready } from "./subject.ts";

export type Parcel = { url: string; id: string; secret: string; body: string };

const [, , url = "", concurrency = "32"] = process.argv;
const connection = new Redis(url, { maxRetriesPerRequest: null });
const signer = createSigner(Buffer.alloc(32, 7).toString("base64"));
// Lines are kept, as the broker keeps its own.
const lines = new Agent({ keepAliveTimeout: 4_000 });

const worker = new Worker<Parcel>(
  "courier",
  async ({ data }) => {
    const { id, body, secret } = data;
    // Both signatures, as the broker's: an HMAC for the receiver's secret, and Ed25519.
    const headers = {
      "content-type": "application/json",
      ...signer.headers({ id, at: new Date(), body, secrets: [secret] }),
    };
    const reply = await request(data.url, { method: "POST", headers, body, dispatcher: lines });
    await reply.body.dump();
    if (reply.statusCode >= 300) throw new Error(`answered ${reply.statusCode}`);
  },
  { connection, concurrency: Number(concurrency), removeOnComplete: { count: 0 }, removeOnFail: { count: 0 } },
);
await worker.waitUntilReady();
const ready: Ready = { url, headers: {} };
process.stdout.write(`${JSON.stringify(ready)}\n`);
process.once("SIGTERM", () => process.exit(0));
