import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createGuard } from "../../adapters/outbound/guard.ts";

const open = createGuard([]);
const loopback = createGuard(["127.0.0.0/8", "fd00:12::/32"]);

describe("addresses that are never dialled", () => {
  it.each([
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.0.9",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:93.184.215.14",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:0:1::1",
    "2001:db8::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "not an address",
  ])("%s", (ip) => expect(open.address(ip, "https:", 443)).toBe("address-refused"));

  it("is every address of a private range", () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const privates = fc.oneof(
      fc.tuple(fc.constantFrom(10, 127), octet, octet, octet),
      fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), octet, octet),
      fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
      fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
      fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), octet, octet),
    );
    fc.assert(
      fc.property(privates, (octets) => {
        expect(open.address(octets.join("."), "https:", 443)).toBe("address-refused");
        expect(open.address(`::ffff:${octets.join(".")}`, "https:", 443)).toBe("address-refused");
      }),
    );
  });
});

describe("addresses that are dialled", () => {
  it.each(["93.184.215.14", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2a00:1450:4009::200e"])("%s over https", (ip) => {
    expect(open.address(ip, "https:", 443)).toBeUndefined();
    expect(open.address(ip, "https:", 8443)).toBeUndefined();
  });

  it("are public ones over https only, and on the ports of receivers only", () => {
    expect(open.address("93.184.215.14", "http:", 80)).toBe("scheme-refused");
    expect(open.address("93.184.215.14", "https:", 22)).toBe("port-refused");
    expect(open.address("93.184.215.14", "https:", 6379)).toBe("port-refused");
  });

  it("are those of an allowed range, by any port and also over http", () => {
    expect(loopback.address("127.0.0.1", "http:", 40_123)).toBeUndefined();
    expect(loopback.address("::ffff:127.0.0.1", "http:", 40_123)).toBeUndefined();
    expect(loopback.address("fd00:12::7", "http:", 80)).toBeUndefined();
    expect(loopback.address("fd00:13::7", "https:", 443)).toBe("address-refused");
    expect(loopback.address("10.0.0.1", "http:", 80)).toBe("address-refused");
    expect(loopback.address("93.184.215.14", "http:", 80)).toBe("scheme-refused");
  });
});

describe("URLs", () => {
  it.each([
    ["ftp://example.org/", "scheme-refused"],
    ["file:///etc/passwd", "scheme-refused"],
    ["gopher://example.org/", "scheme-refused"],
    ["https://user:secret@example.org/", "userinfo-refused"],
    ["https://example.org@127.0.0.1/", "userinfo-refused"],
    ["https://@example.org/", "userinfo-refused"],
    ["https:\\\\example.org@10.0.0.1/", "userinfo-refused"],
    ["https://2130706433/", "address-refused"],
    ["https://0x7f000001/", "address-refused"],
    ["https://0177.0.0.1/", "address-refused"],
    ["https://0x7f.1/", "address-refused"],
    ["https://127.1/", "address-refused"],
    ["https://134744072/", "address-refused"],
    ["https://１２７.0.0.1/", "address-refused"],
    ["not a url", "url-refused"],
    ["", "url-refused"],
    ["https://exa mple.org/", "url-refused"],
  ])("%s is refused", (raw, cause) => expect(open.url(raw)).toEqual({ ok: false, cause }));

  it("with an at sign in path or query is not userinfo", () => {
    expect(open.url("https://example.org/@name?to=a@b").ok).toBe(true);
  });

  it("in dotted or bracketed form is judged when it is dialled", () => {
    expect(open.url("https://93.184.215.14/").ok).toBe(true);
    expect(open.url("https://[::1]/").ok).toBe(true);
  });
});

it("a range that is not CIDR stops the start", () => {
  expect(() => createGuard(["10.0.0.0"])).toThrow("CIDR");
});
