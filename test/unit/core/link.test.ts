// The rules of links and codes: where a link stands, when a letter goes again, and what a code is.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Link } from "../../../schemas/link.ts";
import * as core from "../../../src/core/link.ts";

const NOW = new Date("2026-11-20T09:00:00Z");
const hours = (count: number): Date => new Date(NOW.getTime() + count * 3_600_000);
const aLink = (more: Partial<Link> = {}): Link => ({
  id: "l1",
  offer: "o",
  referral: "r",
  client: "c",
  madeAt: NOW,
  endsAt: core.linkEnds(NOW),
  sentAt: NOW,
  ...more,
});

describe("a link", () => {
  it.each([
    ["open", {}, hours(167.9)],
    ["ended", {}, hours(168)],
    ["replaced", { replacedAt: NOW }, NOW],
    ["used", { redeemedAt: NOW }, NOW],
    ["used", { redeemedAt: NOW, replacedAt: NOW }, hours(500)],
  ] as const)("stands as %s", (standing, more, now) => {
    expect(core.standingOf(aLink(more), now)).toBe(standing);
  });

  it("is asked for again at most five times in a day", () => {
    const made = (ago: number) => ({ madeAt: hours(-ago) });
    expect(core.mayAskAgain([1, 2, 3, 4].map(made), NOW)).toBe(true);
    expect(core.mayAskAgain([1, 2, 3, 4, 23].map(made), NOW)).toBe(false);
    expect(core.mayAskAgain([1, 2, 3, 4, 24].map(made), NOW)).toBe(true);
  });
});

describe("silence", () => {
  const [first, second, third] = [aLink({ id: "l1" }), aLink({ id: "l2" }), aLink({ id: "l3" })];
  it("asks for the letter again, and after three for a person", () => {
    expect(core.afterSilence([first], "l1")).toBe("again");
    expect(core.afterSilence([first, second], "l2")).toBe("again");
    expect(core.afterSilence([first, second, third], "l3")).toBe("person");
  });
  it("counts only letters that left", () => {
    const { sentAt: _, ...unsent } = first;
    expect(core.afterSilence([unsent, second, third], "l3")).toBe("again");
    expect(core.afterSilence([unsent], "l1")).toBeUndefined();
  });
  it("is none where the link was opened, or is not the last", () => {
    expect(core.afterSilence([aLink({ redeemedAt: NOW })], "l1")).toBeUndefined();
    expect(core.afterSilence([first, second], "l1")).toBeUndefined();
    expect(core.afterSilence([], "l1")).toBeUndefined();
  });
});

describe("a code", () => {
  it("has six digits, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (bytes) => {
        expect(core.codeFrom(Buffer.from(bytes))).toMatch(/^\d{6}$/);
      }),
    );
    expect(core.codeFrom(Buffer.alloc(8))).toBe("000000");
  });
  it("may be typed with spaces and dashes", () => {
    expect(core.tidyCode(" 123 4-56")).toBe("123456");
  });
  it("is compared whole", () => {
    expect(core.sameDigest("abc", "abc")).toBe(true);
    expect(core.sameDigest("abc", "abd")).toBe(false);
    expect(core.sameDigest("abc", "abcd")).toBe(false);
  });
});
