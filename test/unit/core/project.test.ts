// One receipt, and what each reader sees of it.
import { describe, expect, it } from "vitest";
import type { Receipt } from "../../../schemas/receipt.ts";
import { whole } from "../../builders/receipt.ts";
import { project } from "../../../src/core/project.ts";

const clauses = ({ candidates }: Receipt) => candidates.map((one) => `${one.programme} ${one.clause}`);
const kinds = ({ alternatives }: Receipt) => (alternatives ?? []).map(({ kind, day }) => [kind, day]);

describe("a receipt", () => {
  it("is whole for a practice and a council", () => {
    const { plain: _, ...all } = whole();
    for (const kind of ["gp", "council"] as const) expect(project(whole(), { kind, organisation: "x" })).toEqual(all);
  });

  it("is for an operator without the days that tell a birthday", () => {
    const seen = project(whole(), { kind: "operator", organisation: "x" });
    expect(clauses(seen)).toEqual(clauses(whole()));
    expect(kinds(seen)).toEqual([
      ["time", undefined],
      ["course", "2027-01-04"],
      ["place", undefined],
      ["place", undefined],
      ["consent", undefined],
    ]);
  });

  it("is for a Jobcentre without permission and health, also where one could infer them", () => {
    const seen = project(whole(), { kind: "jobcentre", organisation: "x" });
    expect(clauses(seen)).toEqual(["coaching offered", "coaching area", "other places"]);
    expect(seen.reasons).toEqual([
      { code: "fact-unknown", path: "permission", severity: "error" },
      { code: "fact-unknown", severity: "error" },
    ]);
    expect(seen.words).toBe("A local service has been asked.");
    expect(seen.packs).toEqual(["coaching@1#abc", "other@3#0a1"]);
    expect(seen.offered).toEqual(whole().offered);
    expect(kinds(seen)).toEqual([
      ["time", "2027-03-09"],
      ["course", "2027-01-04"],
      ["place", undefined],
    ]);
    for (const hidden of ["inputHash", "consent", "capacity", "tieBreak", "withheld", "plain"])
      expect(seen).not.toHaveProperty(hidden);
    expect(JSON.stringify(seen)).not.toMatch(/consent|health|condition|disab/i);
  });

  it("names no service to a Jobcentre whose name tells of health", () => {
    const offered = { programme: "coaching", service: "pain-clinic", provider: "sample-coaching" };
    const seen = project(whole({ offered }), { kind: "jobcentre", organisation: "x" });
    expect(seen).not.toHaveProperty("offered");
    expect(clauses(seen)).toEqual(["coaching area", "other places"]);
  });

  it("is for a provider itself alone, and of the service rather than the person", () => {
    const seen = project(whole(), { kind: "provider", organisation: "sample-coaching" });
    expect(seen).toMatchObject({ words: "You were asked.", reasons: [], left: 0, packs: ["coaching@1#abc"] });
    expect(seen.candidates.map(({ clause, words }) => [clause, words])).toEqual([
      ["offered", "It was asked."],
      ["fits", "It fits."],
    ]);
    for (const hidden of ["consent", "capacity", "tieBreak", "withheld", "alternatives"])
      expect(seen).not.toHaveProperty(hidden);
    const other = project(whole(), { kind: "provider", organisation: "sample-other" });
    expect(other).not.toHaveProperty("offered");
    expect(other.words).toBe("You were not asked.");
    expect(clauses(other)).toEqual(["other places"]);
    expect(JSON.stringify(other)).not.toContain("sample-coaching");
  });

  it("is for a commissioner its own programmes, and nothing of the person", () => {
    const as = (...programmes: string[]) => project(whole(), { kind: "commissioner", organisation: "x", programmes });
    const own = as("coaching");
    expect(own).toMatchObject({ words: "Offered to Coaching.", reasons: [], capacity: "places-hash" });
    expect(own.packs).toEqual(["coaching@1#abc"]);
    expect(clauses(own)).toEqual(["coaching offered", "coaching fits", "coaching area"]);
    expect(kinds(own)).toEqual([["course", "2027-01-04"]]);
    const other = as("other", "secret");
    expect(other.words).toBe("A service of another programme was asked.");
    expect(other).not.toHaveProperty("offered");
    expect(other).not.toHaveProperty("tieBreak");
    expect(other.candidates).toContainEqual({
      programme: "secret",
      kept: false,
      clause: "rule",
      words: "A rule of this programme is not met.",
    });
    expect(JSON.stringify(other)).not.toMatch(/frail|sample-coaching|permission-hash/i);
  });
});
