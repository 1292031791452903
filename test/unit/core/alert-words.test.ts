// An alert in words, and the ways that it may not take.
import { describe, expect, it } from "vitest";
import { type Alert, AlertCode, ALERTS } from "../../../schemas/alert.ts";
import { alertWords, openMeans } from "../../../src/core/alert-words.ts";

const alert: Alert = {
  id: "01980000-0000-7000-8000-0000000000aa",
  subject: "referrer-failing client:c",
  code: "referrer-failing",
  of: "client:c",
  cause: "connect-refused",
  since: new Date("2026-11-22T03:00:00.000Z"),
  told: 0,
};

describe("an alert", () => {
  it("says what is wrong, with whom, since when and why, and where to read on", () => {
    const { subject, text } = alertWords({ what: "begins", alert }, "F83999");
    expect(subject).toBe("A referrer cannot be told");
    expect(text).toContain(
      "A referrer cannot be told: client:c (F83999), since 2026-11-22 03:00 UTC, Nobody listens at the receiver's address.",
    );
    expect(text).toContain("can wait for the morning");
    expect(text).toContain("docs/runbook.md, referrer-failing");
    expect(alertWords({ what: "stands", alert }).subject).toBe("Still so: A referrer cannot be told");
  });

  it("that is over says so, and asks for nothing", () => {
    const endedAt = new Date("2026-11-22T03:20:00.000Z");
    const { subject, text } = alertWords({ what: "ends", alert: { ...alert, endedAt } });
    expect(subject).toBe("Over: A referrer cannot be told");
    expect(text).toMatch(/^This no longer stands, since 2026-11-22 03:20 UTC\./);
    expect(text).not.toContain("runbook");
  });

  it.each(AlertCode.options)("%s says whether it can wait", (code) => {
    const { text } = alertWords({ what: "begins", alert: { ...alert, code } });
    expect(text.includes("cannot wait")).toBe(ALERTS[code].wakes === "now");
    expect(text).not.toMatch(/undefined|\[object/);
  });
});

describe("ways", () => {
  const [webhook, email] = [{ host: "chat.example:443" }, { host: "mail.example:465" }];
  it("that share host and port with what failed are not taken, until it is over", () => {
    expect(openMeans([webhook, email], "begins", ["chat.example:443"])).toEqual([email]);
    expect(openMeans([webhook, email], "stands", ["mail.example:465", "chat.example:443"])).toEqual([]);
    expect(openMeans([webhook, email], "ends", ["chat.example:443"])).toEqual([webhook, email]);
    expect(openMeans([webhook, email], "begins", ["other.example:443"])).toEqual([webhook, email]);
  });
});
