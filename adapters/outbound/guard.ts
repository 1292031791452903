// Which addresses may be dialled: public unicast over https, and private ranges only where an operator allowed them.
import ipaddr from "ipaddr.js";

export type GuardCause = "url-refused" | "userinfo-refused" | "scheme-refused" | "port-refused" | "address-refused";

export type Guard = {
  /** The address as written, parsed; nothing is resolved yet. */
  url(raw: string): { ok: true; url: URL } | { ok: false; cause: GuardCause };
  /** Judges one resolved address. Undefined when it may be dialled. */
  address(ip: string, scheme: string, port: number): GuardCause | undefined;
};

/** Ports of public receivers. Inside an allowed range every port is the operator's own affair. */
const PUBLIC_PORTS = new Set([443, 8443]);

/** All of today's global unicast (RFC 4291, section 2.4): old forms such as `::127.0.0.1` lie outside. */
const GLOBAL_V6 = ipaddr.parseCIDR("2000::/3");

type Address = ReturnType<typeof ipaddr.parse>;

const isPublic = (address: Address): boolean =>
  address.range() === "unicast" && (address.kind() === "ipv4" || address.match(GLOBAL_V6));

/** Userinfo makes one host look like another (RFC 3986, section 7.6). An empty one, too. */
const USERINFO = /^[a-z]+:[/\\]*[^/?#\\]*@/i;

export const createGuard = (allow: readonly string[]): Guard => {
  const allowed = allow.map((range) => ipaddr.parseCIDR(range));
  const isAllowed = (ip: string): boolean => {
    // An IPv4 address in IPv6 clothes (::ffff:) is judged as what it is.
    const address = ipaddr.process(ip);
    return allowed.some(([base, bits]) => base.kind() === address.kind() && address.match(base, bits));
  };

  return {
    url(raw) {
      if (!URL.canParse(raw)) return { ok: false, cause: "url-refused" };
      const url = new URL(raw);
      if (USERINFO.test(raw)) return { ok: false, cause: "userinfo-refused" };
      if (url.protocol !== "https:" && url.protocol !== "http:") return { ok: false, cause: "scheme-refused" };
      // `http://2130706433`, `0177.1` and `0x7f.1` become dotted quads in parsing: nobody honest writes them.
      if (ipaddr.IPv4.isValid(url.hostname) && !raw.includes(url.hostname))
        return { ok: false, cause: "address-refused" };
      return { ok: true, url };
    },

    address(ip, scheme, port) {
      if (!ipaddr.isValid(ip)) return "address-refused";
      if (isAllowed(ip)) return undefined;
      if (!isPublic(ipaddr.parse(ip))) return "address-refused";
      if (scheme !== "https:") return "scheme-refused";
      return PUBLIC_PORTS.has(port) ? undefined : "port-refused";
    },
  };
};
