// The sample packs show the whole format: each key that a pack or the directory may have stands in at least one of them.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { z } from "zod";
import { checkPacks } from "../../adapters/directory/packs.ts";
import { OtherProgrammes } from "../../schemas/others.ts";
import { Programme } from "../../schemas/programme.ts";
import { Directory } from "../../schemas/provider.ts";
import { TODAY } from "../builders/packs.ts";
import { jsonOf } from "./docs/forms.ts";

const SAMPLES = join(import.meta.dirname, "../../packs/london");
const valueOf = (name: string): unknown => parse(readFileSync(join(SAMPLES, name), "utf8"));
const PACKS = readdirSync(SAMPLES)
  .filter((name) => name.endsWith(".yaml") && name !== "directory.yaml" && name !== "programmes.yaml")
  .map(valueOf);

type Json = z.core.JSONSchema.JSONSchema;
const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isJson = (value: unknown): value is Json => isGroup(value);

/** A test with every test inside it. */
const flat = (test: unknown): unknown[] => {
  if (!isGroup(test)) return [];
  const { all, any, not, atLeast } = test;
  const inside = isGroup(atLeast) ? atLeast["tests"] : undefined;
  return [test, ...[all, any, not, inside].flat().flatMap(flat)];
};

/** What may stand in two places is one thing: a rule on areas, a clause, and what a consent or its exception is about. */
const nameOf = (path: string): string =>
  path
    .replace(/^contracts\[\]\.areas/, "areas")
    .replace(/^exclusions\[\]/, "eligibility[]")
    .replace(".except[]", "");

/** Keys of the schema that none of the values has, by their paths. */
const unshown = (root: Json, samples: readonly unknown[]): string[] => {
  const all = new Set<string>();
  const shown = new Set<string>();
  const tests: unknown[] = [];
  let test: Json | undefined;
  const look = (json: Json, path: string, values: readonly unknown[]): void => {
    if (json.$ref !== undefined) {
      const inner = root.$defs?.[json.$ref.replace("#/$defs/", "")];
      test = isJson(inner) ? inner : test;
      tests.push(...values.flatMap(flat));
      return;
    }
    const groups = values.filter(isGroup);
    for (const [key, value] of Object.entries(json.properties ?? {})) {
      if (!isJson(value)) continue;
      const found = groups.filter((one) => key in one).map((one) => one[key]);
      const at = path === "" ? key : `${path}.${key}`;
      all.add(nameOf(at));
      if (found.length > 0) shown.add(nameOf(at));
      look(value, at, found);
    }
    if (isJson(json.items)) look(json.items, `${path}[]`, values.flat());
    for (const one of json.anyOf ?? []) if (isJson(one)) look(one, path, values);
  };
  look(root, "", samples);
  if (test !== undefined) look(test, "test", tests);
  return [...all].filter((one) => !shown.has(one));
};

describe("the sample packs", () => {
  it("hold, by `packs check`, with nothing left unproven", () => {
    expect(checkPacks(SAMPLES, TODAY)).toMatchObject({ ok: true, faults: [], notes: [] });
  });

  it("show each key of a pack", () => expect(unshown(jsonOf(Programme), PACKS)).toEqual([]));
  it("show each key of the directory", () =>
    expect(unshown(jsonOf(Directory), [valueOf("directory.yaml")])).toEqual([]));
  it("show each key of other programmes", () =>
    expect(unshown(jsonOf(OtherProgrammes), [valueOf("programmes.yaml")])).toEqual([]));

  it("show each way to allocate, to take part, to prove an outcome, and each kind of consent", () => {
    const packs = PACKS.map((one) => Programme.parse(one));
    const words: [shown: readonly unknown[], all: readonly string[]][] = [
      [packs.map((one) => one.allocation), Programme.shape.allocation.options],
      [packs.flatMap((one) => one.participation), ["voluntary", "mandatory", "mandatory-appointment"]],
      [
        packs.flatMap((one) => one.consents.map(({ kind }) => kind)),
        ["share", "take-part", "contact-details", "duty-to-refer"],
      ],
      [packs.flatMap((one) => one.leadsTo.map(({ on }) => on)), ["started", "completed"]],
      [packs.flatMap((one) => one.tests.map(({ expect: came }) => came)), ["eligible", "not-eligible", "unknown"]],
    ];
    for (const [shown, all] of words) expect(all.filter((one) => !shown.includes(one))).toEqual([]);
  });

  it("are marked as samples", () => {
    for (const one of PACKS.map((pack) => Programme.parse(pack)))
      expect([one.name, one.version, one.name.includes("(sample)")]).toEqual([one.name, 1, true]);
  });
});

it("a key that no sample shows is named", () => {
  const hidden = new Set(["tells", "holdDays"]);
  const without = JSON.parse(JSON.stringify(PACKS, (key, value: unknown) => (hidden.has(key) ? undefined : value)));
  expect(unshown(jsonOf(Programme), without as unknown[])).toEqual(["clocks.holdDays", "tells"]);
});
