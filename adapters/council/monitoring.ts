// The answers of a form that are for equality monitoring: taken out beside the request, never into it.
import { read, type Read } from "../../schemas/faults.ts";
import { Monitoring } from "../../schemas/monitoring.ts";
import type { Answers } from "./attributes.ts";

/** Undefined where none of its questions was answered. */
export const monitoringOf = ({ one, many }: Answers): Read<Monitoring | undefined> => {
  const impairments = many("monitoring_impairments");
  const said = {
    ethnicity: one("monitoring_ethnicity"),
    religion: one("monitoring_religion"),
    sexualOrientation: one("monitoring_sexual_orientation"),
    genderIdentity: one("monitoring_gender_identity"),
    disabled: one("monitoring_disabled"),
    impairments: impairments.length === 0 ? undefined : [...impairments],
  };
  return Object.values(said).every((answer) => answer === undefined)
    ? { ok: true, value: undefined }
    : read(Monitoring, said);
};
