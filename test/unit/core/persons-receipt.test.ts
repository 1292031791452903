// A decision in the words of the person it is about.
import { describe, expect, it } from "vitest";
import { PersonsReceipt } from "../../../schemas/receipt.ts";
import { decide } from "../../../src/core/decide.ts";
import { tellPerson } from "../../../src/core/persons-receipt.ts";
import { aContent } from "../../builders/content.ts";
import { aDecision, aProgramme } from "../../builders/rules.ts";

const told = (input: Parameters<typeof aDecision>[0]) => tellPerson(decide(aDecision(input)).receipt);

describe("the person's receipt", () => {
  it("says what came of it", () => {
    expect(told({})).toEqual({
      reference: "WM-XWNT-JTCC",
      decidedAt: "2026-11-16T09:30:00.000Z",
      words: "We have asked a local service to help you.",
      why: [],
      youCan: ["You can ask a person to look at this again."],
    });
  });

  it("says why not, and what they can do, with the day", () => {
    const eligibility = [{ id: "adult", words: "Adult.", health: false, test: { age: { atLeast: 18 } } }];
    const content = aContent({ person: { birthDate: "2009-01-02" } });
    expect(told({ content, programmes: [aProgramme({ eligibility })] })).toMatchObject({
      words: "No local service can help you with this just now. We keep your need on record.",
      why: ["The rules of the services here do not fit your case."],
      youCan: [
        "Coaching (sample) can fit from a later day. The day is 2 January 2027.",
        "You can ask a person to look at this again.",
      ],
    });
  });

  it("holds no code, no id of ours, and no other organisation's", () => {
    const text = JSON.stringify(told({ content: aContent({ consents: [] }) }));
    expect(PersonsReceipt.strict().safeParse(JSON.parse(text)).success).toBe(true);
    expect(text).toContain("You have not yet said that we may share your details.");
    expect(text).not.toMatch(/consent-|sample-coaching|coaching-upper-street|019a0000|hash/);
  });
});
