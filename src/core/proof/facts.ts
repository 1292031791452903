// Which facts a set of questions reads, and for each the values that stand for all: enough to ask about everybody there can be.
import { NeedCode } from "../../../schemas/need.ts";
import type { Programme } from "../../../schemas/programme.ts";
import { Facts, Group } from "../../../schemas/referral.ts";
import { daysAfter } from "../calendar.ts";
import { birthDates, pastDays, periodLists } from "./days.ts";
import type { Draft, Value } from "./draft.ts";
import type { Leaf } from "./leaves.ts";
import { type Atlas, homes, practices, sites } from "./places.ts";
import type { Fact } from "./search.ts";
import { eachOf, kindsOf, partsOf, waysOf } from "./sets.ts";

type Name = keyof Facts | "participation" | "site" | "needs" | "home" | "practice" | "birthDate";

/** `compatibility.only` as a question: no test of a clause asks it. */
export const ONLY_ON = "onlyOn";

/** What each question reads, in the order in which facts are settled: one that can answer alone comes first. */
const READS: Record<string, readonly Name[]> = {
  participation: ["participation"],
  seenAt: ["site"],
  need: ["needs"],
  employment: ["employment"],
  housing: ["housing"],
  livesIn: ["home"],
  partnership: ["home"],
  deprivation: ["home"],
  age: ["birthDate"],
  workingAge: ["home", "birthDate"],
  registeredAt: ["practice"],
  registeredIn: ["practice"],
  benefit: ["benefit"],
  regime: ["regime"],
  outOfWorkMonths: ["employment", "unemployedSince"],
  longTermCondition: ["longTermCondition"],
  disability: ["disability"],
  rightToWork: ["rightToWork"],
  childcareNeeded: ["childcareNeeded"],
  sex: ["sex"],
  ethnicGroup: ["ethnicGroup"],
  belief: ["belief"],
  basicSkills: ["basicSkills"],
  group: ["housing", "groups"],
  neverStarted: ["programmes"],
  notOn: ["programmes"],
  [ONLY_ON]: ["programmes"],
  allOfLast: ["assessmentPeriods"],
  noneOfLast: ["assessmentPeriods"],
};
/** Everybody comes on some terms, and is seen somewhere. They stand first in the order. */
const ALWAYS: ReadonlySet<Name> = new Set(["participation", "site"]);
const ORDER: readonly Name[] = [...new Set(Object.values(READS).flat())];

/** A fact that is a day is named by the question itself; only the group of the homeless is told by housing too. */
export const readBy = ({ name, value }: Leaf): readonly Name[] => {
  if (name === "daysSince") return [(value as { fact: Name }).fact];
  if (name === "group" && Array.isArray(value) && !value.includes("homeless")) return ["groups"];
  return READS[name] ?? [];
};

export const factsRead = (leaves: readonly Leaf[], atlas: Atlas, programme: Programme): Fact[] => {
  const read = new Set(leaves.flatMap(readBy));
  const order = [...ORDER, ...[...read].filter((name) => !ORDER.includes(name))];
  return order
    .filter((name) => read.has(name))
    .map((name) => {
      const asking = leaves.filter((leaf) => readBy(leaf).includes(name));
      return { name, always: ALWAYS.has(name), values: () => valuesOf(name, asking, atlas, programme) };
    });
};

type Choices = { [N in keyof Facts]?: readonly Facts[N][] };
const fact = Facts.shape;
const YES_OR_NO = [true, false] as const;

const CHOICES: Choices = {
  employment: fact.employment.unwrap().options,
  housing: fact.housing.unwrap().options,
  benefit: fact.benefit.unwrap().options,
  regime: fact.regime.unwrap().options,
  sex: fact.sex.unwrap().options,
  ethnicGroup: fact.ethnicGroup.unwrap().options,
  belief: fact.belief.unwrap().options,
  longTermCondition: YES_OR_NO,
  disability: YES_OR_NO,
  rightToWork: YES_OR_NO,
  childcareNeeded: YES_OR_NO,
};

const listsOf = (leaves: readonly Leaf[]): unknown[][] =>
  leaves.flatMap(({ value }) => (Array.isArray(value) ? [value] : []));

const valuesOf = (name: Name, leaves: readonly Leaf[], atlas: Atlas, programme: Programme): Iterable<Value> => {
  const { day } = atlas;
  const choices = name in CHOICES ? CHOICES[name as keyof Facts] : undefined;
  if (choices !== undefined) return choices.map((value) => ({ facts: { [name]: value } }));
  switch (name) {
    case "participation":
      return programme.participation.map((participation) => ({ participation }));
    case "site":
      return sites(leaves).map((site) => ({ site }));
    case "needs":
      return eachOf(needs(leaves, programme), (all) => ({ needs: all }));
    case "home":
      return homes(leaves, atlas).map((home) => ({ home }));
    case "practice":
      return practices(leaves, atlas).map((practice) => ({ practice }));
    case "birthDate":
      return birthDates(leaves, day).map((birthDate) => ({ birthDate }));
    case "groups":
      return eachOf(partsOf(named(Group.options, leaves)), (groups) => ({ facts: { groups } }));
    case "basicSkills":
      return eachOf(partsOf(named(SKILLS, leaves)), (basicSkills) => ({ facts: { basicSkills } }));
    case "programmes":
      return eachOf(histories(leaves, day), (programmes) => ({ facts: { programmes } }));
    case "assessmentPeriods":
      return eachOf(periodLists(leaves, day), (assessmentPeriods) => ({ facts: { assessmentPeriods } }));
    default:
      return pastDays(leaves, day, name).map((value) => ({ facts: { [name]: value } }));
  }
};

const SKILLS = fact.basicSkills.unwrap().element.options;

/** One of each kind that some list names. */
const named = <T>(options: readonly T[], leaves: readonly Leaf[]): T[] => {
  const lists = listsOf(leaves);
  return kindsOf(options, lists).filter((one) => lists.some((list) => list.includes(one)));
};

type Needs = NonNullable<Draft["needs"]>;

function* needs(leaves: readonly Leaf[], programme: Programme): Generator<Needs> {
  const others = named(NeedCode.options, leaves);
  for (const need of kindsOf(programme.needs, listsOf(leaves)))
    for (const also of partsOf(others)) yield [need, ...also];
}

type Past = NonNullable<Facts["programmes"]>;
const UNNAMED = "another programme";

/** Of each kind of programme: none, referred to and never begun, on it now, or over. */
const histories = (leaves: readonly Leaf[], day: string): Iterable<Past> => {
  const lists = listsOf(leaves);
  // Only a rule that lists what is let in can tell a programme that no list names.
  const others = leaves.some(({ name }) => name === ONLY_ON) ? [UNNAMED] : [];
  const kinds = kindsOf([...others, ...lists.flat().map(String)], lists);
  const began = daysAfter(day, -30);
  const ways = waysOf(
    kinds.map((code): Past[] => [
      [],
      [{ code }],
      [{ code, endedOn: day }],
      [{ code, startedOn: began }],
      [{ code, startedOn: began, endedOn: day }],
    ]),
  );
  return eachOf(ways, (way) => way.flat());
};
