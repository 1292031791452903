// The nearest service that is open for a need although none of the programmes for it draws on it.
import type { Programme } from "../../schemas/programme.ts";
import type { Service } from "../../schemas/provider.ts";
import type { Alternative } from "../../schemas/receipt.ts";
import type { Content } from "../../schemas/referral.ts";
import { contractsOn, servicesOf } from "./contracts.ts";
import { covers } from "./coverage.ts";
import { servicesFor } from "./directory.ts";
import { kmBetween } from "./distance.ts";
import { takenOf } from "./places.ts";
import type { Situation } from "./situation.ts";
import { alsoHelps } from "./words/ways.ts";

/** Its own people take who comes. */
export const elsewhere = (programmes: readonly Programme[], situation: Situation): Alternative[] => {
  const { area, capacity, declined } = situation;
  const isOpen = (service: Service): boolean =>
    service.status === "open" &&
    !declined.includes(service.id) &&
    (service.places === undefined || takenOf(capacity, service.id) < service.places) &&
    covers(service, situation).is === true;
  const home = area.home?.at;
  const far = ({ at }: Service): number =>
    home === undefined || at === undefined ? Number.POSITIVE_INFINITY : kmBetween(home, at);
  let nearest: Distant | undefined;
  for (const service of undrawn(programmes, situation)) {
    if (!isOpen(service)) continue;
    const one = { service, km: far(service) };
    if (nearest === undefined || byDistance(one, nearest) < 0) nearest = one;
  }
  return nearest === undefined
    ? []
    : [{ kind: "service", words: alsoHelps(nearest.service.name), service: nearest.service.id }];
};

type Asked = { programmes: readonly Programme[] } & Pick<Situation, "day" | "directory"> & Pick<Content, "need">;

/** The same programmes are asked for one person after the other: the last answer for each first one is kept. */
const kept = new WeakMap<Programme, { asked: Asked; services: readonly Service[] }>();

/** Services for the need that none of these programmes draws on. */
const undrawn = (programmes: readonly Programme[], { content, day, directory }: Situation): readonly Service[] => {
  const asked: Asked = { programmes, day, directory, need: content.need };
  const [first] = programmes;
  const known = first && kept.get(first);
  if (known !== undefined && isSame(known.asked, asked)) return known.services;
  const drawn = new Set(programmes.flatMap((one) => (contractsOn(one, day).length === 0 ? [] : servicesOf(one))));
  const all = content.need === undefined ? [] : servicesFor(directory, content.need);
  const services = all.filter(({ id }) => !drawn.has(id));
  if (first !== undefined) kept.set(first, { asked, services });
  return services;
};

const isSame = (one: Asked, other: Asked): boolean =>
  one.day === other.day &&
  one.need === other.need &&
  one.directory === other.directory &&
  one.programmes.length === other.programmes.length &&
  one.programmes.every((each, at) => each === other.programmes[at]);

type Distant = { service: Service; km: number };
const byDistance = (a: Distant, b: Distant): number =>
  a.km === b.km ? (a.service.id < b.service.id ? -1 : 1) : a.km - b.km;
