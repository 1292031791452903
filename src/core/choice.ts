// What the person chose is honoured where it fits; where it does not, the clause that dropped it says why.
import { serviceIn } from "./directory.ts";
import { contractsOn } from "./contracts.ts";
import type { Fit, Match, Situation } from "./situation.ts";
import type { Programme } from "../../schemas/programme.ts";
import { CHOICE, notChosen } from "./words/ties.ts";

/** The first by precedence that brings the service that the person chose. */
export const chosenFit = (matches: readonly Match[], { content }: Pick<Situation, "content">): Fit | undefined => {
  const wanted = content.choice?.service;
  if (wanted === undefined) return undefined;
  return matches.flatMap(({ fits }) => fits).find(({ service }) => service.id === wanted);
};

/** Why it is not asked, in words; undefined where nothing was chosen. What we do not know is never repeated. */
export const whyNotChosen = (
  matches: readonly Match[],
  programmes: readonly Programme[],
  { content, directory, day }: Pick<Situation, "content" | "directory" | "day">,
): string | undefined => {
  const wanted = content.choice?.service;
  if (wanted === undefined) return undefined;
  const service = serviceIn(directory, wanted);
  if (service === undefined) return CHOICE.unknown;
  const candidates = matches.flatMap((match) => match.candidates);
  const brings = new Set(
    programmes.filter((one) => drawsOn(one, day).includes(wanted)).map(({ programme }) => programme),
  );
  const dropped =
    candidates.find((one) => one.service === wanted && !one.kept) ??
    candidates.find((one) => one.service === undefined && brings.has(one.programme));
  const why = dropped?.words ?? CHOICE.noHelp;
  return notChosen(service.name, why);
};

const drawsOn = (programme: Programme, day: string): string[] =>
  contractsOn(programme, day).flatMap(({ services }) => services.map(({ service }) => service));
