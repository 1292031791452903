// Places that a programme claims and nobody serves, and places that two contracts of `single` claim at one time: for each
// need, on every day of its validity. Who is claimed is who comes past its rules while living, registered or seen there.
import type { NeedCode } from "../../../schemas/need.ts";
import type { Programme } from "../../../schemas/programme.ts";
import type { Directory } from "../../../schemas/provider.ts";
import { precedenceOf } from "../allocate.ts";
import { daysAfter, noonOf } from "../calendar.ts";
import { contractsOn, servicesOf } from "../contracts.ts";
import { covers, whereIs, within } from "../coverage.ts";
import { all } from "../verdict.ts";
import type { Finding } from "./clauses.ts";
import { areaOf, contentOf, type Draft, knownOf, NOBODY } from "./draft.ts";
import { factsRead } from "./facts.ts";
import { type At, asTest, type Leaf, leavesOf } from "./leaves.ts";
import { type Area, nameOf } from "./names.ts";
import { type Atlas, authorityKinds, homesIn, practices, sites } from "./places.ts";
import { daysThatMatter } from "./prover.ts";
import { type Rule, rulesOf, touching } from "./rules.ts";
import { look } from "./search.ts";

const MOST_WORK = 5_000;
const OF_A_PLACE: ReadonlySet<string> = new Set([
  "livesIn",
  "partnership",
  "deprivation",
  "registeredAt",
  "registeredIn",
  "seenAt",
  "workingAge",
]);

type Span = { from: string; to?: string };
type Fault = { at: At; what: string; area: Area; spans: Span[] };

export const findGaps = (programme: Programme, directory: Directory): Finding[] => {
  const faults = new Map<string, Fault>();
  for (const span of spansOf(programme, directory))
    for (const need of programme.needs)
      for (const area of claimedOn(span.from, need, programme, directory))
        for (const { at, what } of wrongIn(area, need, span.from, programme, directory)) {
          const key = JSON.stringify([at, what, area.draft, area.authorities]);
          const known = faults.get(key);
          faults.set(key, { at, what, area, spans: joined(known?.spans ?? [], span) });
        }
  return together([...faults.values()], directory);
};

/** Rules that look at a place, with every rule that shares a fact with one of them. */
const placeRules = (programme: Programme): Rule[] => {
  const rules = rulesOf(programme);
  const leaves = rules.flatMap((rule) => rule.leaves).filter(({ name }) => OF_A_PLACE.has(name));
  return touching(leaves, rules);
};

const contractLeaves = ({ contracts }: Programme): Leaf[] =>
  contracts.flatMap(({ areas }) => areas.flatMap((rule) => leavesOf(asTest(rule))));

/** Stretches of days on which no contract, membership or rule changes. */
const spansOf = (programme: Programme, directory: Directory): Span[] => {
  const leaves = [...rulesOf(programme).flatMap((rule) => rule.leaves), ...contractLeaves(programme)];
  const { validFrom, validTo } = programme;
  const changes = programme.contracts.flatMap(({ from, to }) => [
    from,
    ...(to === undefined ? [] : [daysAfter(to, 1)]),
  ]);
  const starts = [...new Set([...daysThatMatter(programme, directory, leaves), ...changes])]
    .filter((day) => validFrom <= day && (validTo === undefined || day <= validTo))
    .sort();
  return starts.map((from, index) => {
    const next = starts[index + 1];
    const to = next === undefined ? validTo : daysAfter(next, -1);
    return to === undefined ? { from } : { from, to };
  });
};

/** Places whose people come past the rules, however the rest of their facts stands. */
const claimedOn = (day: string, need: NeedCode, programme: Programme, directory: Directory): Area[] => {
  const rules = placeRules(programme);
  const leaves = rules.flatMap((rule) => rule.leaves);
  const areas = [...leaves, ...contractLeaves(programme)];
  const atlas: Atlas = { directory, nations: programme.nations, day };
  const served = directory.services
    .filter(({ id }) => servicesOf(programme).includes(id))
    .map((one) => one.authorities);
  const asked = (...names: string[]): Leaf[] => areas.filter(({ name }) => names.includes(name));
  const registered = asked("registeredAt", "registeredIn");
  const seen = asked("seenAt");
  const rest = factsRead(leaves, atlas, { ...programme, needs: [need] }).filter(
    ({ name }) => !["home", "practice", "site"].includes(name),
  );
  const comesPast = (draft: Draft): boolean =>
    look(rest, draft, (one) => all(rules.map((rule) => rule.passes(knownOf(one, day, directory)))), { left: MOST_WORK })
      .found === "somebody";

  return authorityKinds(areas, atlas, served).flatMap((authorities) =>
    homesIn(authorities[0] ?? "", areas, atlas).flatMap((home) =>
      (registered.length === 0 ? [undefined] : practices(areas, atlas)).flatMap((practice) =>
        (seen.length === 0 ? [undefined] : sites(areas)).flatMap((site): Area[] => {
          const draft: Draft = {
            ...NOBODY,
            home,
            ...(practice === undefined ? {} : { practice }),
            ...(site === undefined ? {} : { site }),
          };
          return comesPast(draft) ? [{ authorities, draft }] : [];
        }),
      ),
    ),
  );
};

const wrongIn = (
  { draft }: Area,
  need: NeedCode,
  day: string,
  programme: Programme,
  directory: Directory,
): { at: At; what: string }[] => {
  const content = { ...contentOf(draft, day), need };
  const situation = { content, area: areaOf(draft), directory, day, now: noonOf(day) };
  const known = whereIs(situation);
  const serving = contractsOn(programme, day).filter(
    (contract) =>
      within(contract, known).is === true &&
      contract.services.some(({ service: id }) => {
        const service = directory.services.find((one) => one.id === id);
        return (
          service?.status === "open" && service.needs.includes(need) && covers(service, { content, known }).is === true
        );
      }),
  );
  if (serving.length === 0) return [{ at: claim(programme), what: `No open service for ${need}` }];
  if (programme.allocation !== "single") return [];
  const order = serving.map((contract) => precedenceOf({ contract }, situation));
  const first = serving.filter((_, index) => order[index] === Math.min(...order));
  return first.slice(1).map((contract) => ({
    at: ["contracts", programme.contracts.indexOf(contract), "contract"],
    what: `Contract "${first[0]?.contract ?? ""}" covers ${need} as well`,
  }));
};

/** Where the pack says whom it takes. */
const claim = (programme: Programme): At => {
  if (programme.areas.length > 0) return ["areas"];
  const rule = placeRules(programme).find(({ leaves }) => leaves.some(({ name }) => OF_A_PLACE.has(name)));
  return rule === undefined ? ["nations"] : rule.at;
};

/** One stretch more, joined to the one that it follows. */
const joined = (spans: readonly Span[], next: Span): Span[] => {
  const last = spans.at(-1);
  if (last?.to === undefined || daysAfter(last.to, 1) !== next.from) return [...spans, next];
  const { to } = next;
  return [...spans.slice(0, -1), to === undefined ? { from: last.from } : { from: last.from, to }];
};

/** Areas in which the same is wrong on the same days, in one sentence. */
const together = (faults: readonly Fault[], directory: Directory): Finding[] => {
  const findings = new Map<string, { at: At; areas: string[]; of: (areas: string) => string }>();
  for (const { at, what, area, spans } of faults) {
    const days = spans
      .map(({ from, to }) => (to === undefined ? `from ${from} on` : `from ${from} to ${to}`))
      .join(", ");
    const key = JSON.stringify([at, what, days]);
    const known = findings.get(key)?.areas ?? [];
    findings.set(key, {
      at,
      areas: [...known, ...nameOf(area, directory)],
      of: (areas) => `${what} in ${areas}, ${days}.`,
    });
  }
  return [...findings.values()].map(({ at, areas, of }) => ({ at, says: of(listed(areas)) }));
};

const MOST_NAMED = 12;
const listed = (areas: readonly string[]): string => {
  const more = areas.length - MOST_NAMED;
  return `${areas.slice(0, MOST_NAMED).join("; ")}${more > 0 ? ` and ${more} more` : ""}`;
};
