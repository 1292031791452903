// The Authorization header of MESH: good for one request, within two hours of the server's clock.
import { createHmac } from "node:crypto";

type Login = { mailbox: string; password: string; sharedKey: string };

/** yyyyMMddHHmm in UTC. */
const stampOf = (now: Date): string => now.toISOString().replaceAll(/\D/g, "").slice(0, 12);

/** A new nonce for each request, so its count stays at nothing. */
export const tokenFor = ({ mailbox, password, sharedKey }: Login, nonce: string, now: Date): string => {
  const stamp = stampOf(now);
  const hash = createHmac("sha256", sharedKey).update(`${mailbox}:${nonce}:0:${password}:${stamp}`).digest("hex");
  return `NHSMESH ${mailbox}:${nonce}:0:${stamp}:${hash}`;
};
