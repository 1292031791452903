// Whether a job lasts, as a Task has it: the week that is asked about as its input, what is answered as its output.
import { CHECKPOINT, CHECKPOINT_ANSWER, EVIDENCE, TOLD_ON } from "../../schemas/foreign/fhir/systems.ts";
import { read, type Read } from "../../schemas/faults.ts";
import type { Task } from "../../schemas/foreign/fhir/task.ts";
import { CHECKPOINTS, OutcomeReport } from "../../schemas/outcome-report.ts";
import { reason } from "../../schemas/reason.ts";
import type { OfferView } from "../../src/ports/views.ts";
import { codesIn, extensionsOf, valueOf } from "./codes.ts";

const WEEK = new Map(CHECKPOINTS.map((week) => [`week-${week}`, week]));

const typeOf = (week: number) => ({ coding: [{ system: CHECKPOINT, code: `week-${week}` }] });

export type SaidCheckpoint = { path: string; report: Read<OutcomeReport> };

/** Outputs of other types are somebody else's. `today`: for whoever tells it to us; where we look, each has its day, or is not read. */
export const checkpointsSaid = ({ output = [] }: Task, today?: string): SaidCheckpoint[] =>
  output.flatMap((one, at): SaidCheckpoint[] => {
    const [code] = codesIn(one.type, CHECKPOINT);
    if (code === undefined) return [];
    const path = `Task.output[${at}]`;
    const week = WEEK.get(code);
    if (week === undefined) return [{ path, report: { ok: false, reasons: [reason("not-one-of", `${path}.type`)] } }];
    const part = (url: string) => extensionsOf(one, url, path).map((found) => valueOf(found).value)[0];
    const on = part(TOLD_ON) ?? today;
    if (on === undefined) return [];
    const [answer] = codesIn(one.valueCodeableConcept, CHECKPOINT_ANSWER);
    const said = { what: "checkpoint", week, on, evidence: part(EVIDENCE) ?? "provider", answer };
    return [{ path, report: read(OutcomeReport, said, path) }];
  });

/** What waits for an answer. */
export const checkpointAsked = (asks: { week: number; due: string } | undefined) =>
  asks === undefined ? [] : [{ type: typeOf(asks.week), valueDate: asks.due }];

/** As its owner reads it, so that a copy sent back says nothing new. */
export const checkpointOutputs = (outcomes: OfferView["outcomes"]) => {
  const told = (outcomes?.reports ?? []).flatMap((one) => (one.what === "checkpoint" ? [one] : []));
  return told.length === 0
    ? undefined
    : told.map(({ week, answer, on, evidence }) => ({
        extension: [
          { url: TOLD_ON, valueDate: on },
          { url: EVIDENCE, valueCode: evidence },
        ],
        type: typeOf(week),
        valueCodeableConcept: { coding: [{ system: CHECKPOINT_ANSWER, code: answer }] },
      }));
};
