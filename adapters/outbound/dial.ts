// One guarded dial: the addresses that are judged are the very ones that the socket connects to, so no second lookup can differ.
import { lookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { Agent, buildConnector } from "undici";
import type { Guard, GuardCause } from "./guard.ts";

/** Carries the guard's cause through undici. */
export class RefusedDial extends Error {
  override readonly cause: GuardCause;
  constructor(cause: GuardCause) {
    super(cause);
    this.cause = cause;
  }
}

type Judge = (ip: string) => GuardCause | undefined;

/** Resolves and judges. One refused address among several refuses the name: a mixed answer is an attack or a mistake. */
const guardedLookup =
  (judge: Judge): LookupFunction =>
  (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, []);
      const cause = found.map((one) => judge(one.address)).find((one) => one !== undefined);
      const [first] = found;
      if (cause !== undefined || first === undefined) return callback(new RefusedDial(cause ?? "address-refused"), []);
      return options.all === true ? callback(null, found) : callback(null, first.address, first.family);
    });
  };

const portOf = (port: string, protocol: string): number =>
  port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);

/** Our certificate where the other end asks for one, and whom to trust where it is not one of the usual authorities. */
export type Tls = { cert?: string; key?: string; ca?: string };

/** Dials nothing that the guard has not seen. */
export const guardedConnect =
  (guard: Guard, connectTimeoutMs: number, tls: Tls = {}): buildConnector.connector =>
  (options, callback) => {
    const judge: Judge = (ip) => guard.address(ip, options.protocol, portOf(options.port, options.protocol));
    const host = options.hostname.replace(/^\[|\]$/g, "");
    // Node asks no lookup for an address written as numbers: it is judged here.
    const cause = isIP(host) === 0 ? undefined : judge(host);
    if (cause !== undefined) return callback(new RefusedDial(cause), null);
    return buildConnector({ ...tls, timeout: connectTimeoutMs, lookup: guardedLookup(judge) })(options, callback);
  };

export const guardedAgent = (guard: Guard, connectTimeoutMs: number, tls?: Tls): Agent =>
  new Agent({ connect: guardedConnect(guard, connectTimeoutMs, tls) });
