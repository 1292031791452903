// The books of a fault run find what is lost, misrouted or done twice; else a run that shows nothing would prove nothing.
import { describe, expect, it } from "vitest";
import { openLedger, type Ledger } from "../faults/ledger.ts";

const REFERENCE = "WM-2345-6789";
const NOTHING = { accepted: 1, lost: 0, misrouted: 0, duplicates: 0 };

const withOne = (more: { offers?: string[]; news?: number } = {}): Ledger => {
  const ledger = openLedger();
  const one = ledger.open({ key: "k", door: "gp", borough: 1, offers: ["adviser"], news: 1, ...more });
  ledger.taken(one, REFERENCE);
  return ledger;
};
const asked = (ledger: Ledger, provider = "adviser", offer = "offer-1"): void => {
  ledger.asked(REFERENCE, provider, offer);
  ledger.took(REFERENCE, offer);
};

describe("the books of a fault run", () => {
  it("count nothing where the one provider said yes and the one referrer heard", () => {
    const ledger = withOne();
    asked(ledger);
    asked(ledger);
    ledger.told(REFERENCE, "gp", "news-1");
    ledger.told(REFERENCE, "gp", "news-1");
    expect(ledger.counts()).toEqual(NOTHING);
    expect(ledger.repeats()).toBe(1);
  });

  it("count as lost what never came, what nobody said yes to, and what nobody heard of", () => {
    const ledger = withOne();
    expect(ledger.counts().lost).toBe(1);
    ledger.asked(REFERENCE, "adviser", "offer-1");
    ledger.told(REFERENCE, "gp", "news-1");
    expect(ledger.counts().lost).toBe(1);
    ledger.took(REFERENCE, "offer-1");
    expect(ledger.counts().lost).toBe(0);
  });

  it("count as misrouted an offer at another provider, news at another referrer, and a wrong answer", () => {
    const ledger = withOne();
    asked(ledger);
    ledger.told(REFERENCE, "gp", "news-1");
    asked(ledger, "stranger", "offer-1");
    expect(ledger.counts()).toEqual({ ...NOTHING, misrouted: 1 });
    const other = withOne();
    asked(other);
    other.told(REFERENCE, "council", "news-1");
    expect(other.counts()).toEqual({ ...NOTHING, misrouted: 1 });
    other.wrong("an answer that must not be");
    expect(other.counts().misrouted).toBe(2);
  });

  it("count twice a second id, a second reference, more news than there was, and a case that nobody sent", () => {
    const twice = withOne();
    asked(twice);
    asked(twice, "adviser", "offer-2");
    twice.told(REFERENCE, "gp", "news-1");
    expect(twice.counts()).toEqual({ ...NOTHING, duplicates: 1 });

    const more = withOne();
    asked(more);
    more.told(REFERENCE, "gp", "news-1");
    more.told(REFERENCE, "gp", "news-2");
    expect(more.counts()).toEqual({ ...NOTHING, duplicates: 1 });

    const second = withOne();
    asked(second);
    second.told(REFERENCE, "gp", "news-1");
    second.taken(second.cases[0]!, "WM-2222-2222");
    expect(second.counts()).toEqual({ ...NOTHING, duplicates: 1 });

    const stranger = withOne();
    asked(stranger);
    stranger.told(REFERENCE, "gp", "news-1");
    stranger.asked("WM-3333-3333", "adviser", "offer-9");
    expect(stranger.counts()).toEqual({ ...NOTHING, duplicates: 1 });
  });

  it("never miss a case that must go to nobody", () => {
    const ledger = withOne({ offers: [], news: 0 });
    expect(ledger.counts()).toEqual(NOTHING);
    asked(ledger);
    expect(ledger.counts().misrouted).toBe(1);
  });
});
