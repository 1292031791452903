// Scopes: SMART 2.0 letters and wildcards, its 1.0 words, and exact words everywhere else.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { covers, narrow } from "../../adapters/http/scope.ts";

const granted = ["system/ServiceRequest.crs", "system/Task.rs", "referral.read"];

describe("covers", () => {
  it.each([
    ["system/ServiceRequest.c", true],
    ["system/ServiceRequest.cs", true],
    ["system/ServiceRequest.crs", true],
    ["system/ServiceRequest.read", true],
    ["system/ServiceRequest.u", false],
    ["system/ServiceRequest.crus", false],
    ["system/ServiceRequest.sr", false],
    ["system/Task.write", false],
    ["system/*.rs", false],
    ["system/Patient.r", false],
    ["user/Task.r", false],
    ["referral.read", true],
    ["referral.write", false],
    ["referral", false],
    ["", false],
  ])("%s: %s", (wanted, expected) => expect(covers(granted, wanted)).toBe(expected));

  it("adds up several grants, and a wildcard covers every resource", () => {
    expect(covers(["system/Task.r", "system/Task.s"], "system/Task.rs")).toBe(true);
    expect(covers(["system/*.rs"], "system/Consent.r")).toBe(true);
    expect(covers(["system/*.rs"], "system/*.r")).toBe(true);
    expect(covers(["system/*.rs"], "system/Consent.c")).toBe(false);
    expect(covers(["system/*.rs"], "referral.read")).toBe(false);
  });
});

describe("narrow", () => {
  it("gives what is both asked for and granted", () => {
    expect(narrow(granted, ["system/ServiceRequest.cu", "referral.read", "operate"])).toEqual([
      "system/ServiceRequest.c",
      "referral.read",
    ]);
    expect(narrow(granted, ["system/*.rs"])).toEqual(["system/ServiceRequest.rs", "system/Task.rs"]);
    expect(narrow(["system/*.rs"], ["system/Task.cruds"])).toEqual(["system/Task.rs"]);
    expect(narrow(granted, ["system/Patient.rs"])).toEqual([]);
  });

  const letters = fc.subarray([..."cruds"], { minLength: 1 }).map((some) => some.join(""));
  const scope = fc.oneof(
    fc.tuple(fc.constantFrom("*", "Task", "Consent"), letters).map(([resource, some]) => `system/${resource}.${some}`),
    fc.constantFrom("operate", "referral.read"),
  );

  it("never gives more than was granted, nor more than was asked for", () => {
    fc.assert(
      fc.property(fc.array(scope), fc.array(scope), (held, asked) => {
        for (const given of narrow(held, asked)) {
          expect(covers(held, given)).toBe(true);
          expect(covers(asked, given)).toBe(true);
        }
      }),
    );
  });

  it("gives everything that is asked for and covered", () => {
    fc.assert(
      fc.property(fc.array(scope), scope, (held, asked) => {
        fc.pre(covers(held, asked) && !asked.includes("*"));
        expect(narrow(held, [asked])).toEqual([asked]);
      }),
    );
  });
});
