// What an operator reads when a pack may not come into force: what stands against it, and what to type.
import type { Activation } from "../../schemas/activation.ts";
import type { Refusal } from "../../src/core/activation.ts";
import type { Folder } from "./folder.ts";

/** File by file, what to type; and for a trial, the other way out. */
export const editedWords = (
  before: readonly Activation[],
  packs: Folder["packs"],
  known: readonly Activation[],
  trial: string | undefined,
): string[] => {
  const highest = (programme: string): number =>
    Math.max(
      ...known.filter((one) => one.programme === programme).map(({ version }) => version),
      ...packs.filter((one) => one.programme.programme === programme).map((one) => one.programme.version),
    );
  const lines = before.map(({ programme, version, from }) => {
    const pack = packs.find((one) => one.programme.programme === programme && one.programme.version === version);
    const then = `${programme} version ${version} has been active since ${from} with other content.`;
    return `${pack?.file ?? programme}: ${then} Write \`version: ${highest(programme) + 1}\` there, or put back what stood there.`;
  });
  return trial === undefined
    ? lines
    : [...lines, `Or, in a trial that may forget all its cases: remove the folder ${trial} and start again.`];
};

export const refusalWords = (refusal: Refusal): string => {
  switch (refusal.outcome) {
    case "other-content": {
      const { programme, version, from } = refusal.before;
      return `${programme} version ${version} has been active since ${from} with other content: give the file a new version.`;
    }
    case "past":
      return "A pack comes into force today or later, never for days that have gone.";
    case "after-its-end":
      return `This version ends on ${refusal.validTo}, before that day.`;
    case "active-already":
      return `This version is active already, from ${refusal.line.from}, by ${refusal.line.activatedBy}.`;
    case "lower":
      return `Version ${refusal.version} is in force then and goes before a lower one: give the file a higher version.`;
  }
};
