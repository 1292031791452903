// What a person needs, in our words, with the codes by which others say it (knowledge of the field: SNOMED CT, HL7).
import { z } from "zod";

export const NeedCode = z.enum([
  "employment",
  "supported-employment",
  "training",
  "basic-skills",
  "debt-advice",
  "benefits-advice",
  "housing-advice",
  "homelessness",
  "childcare",
  "social-support",
  "legal-advice",
]);
export type NeedCode = z.infer<typeof NeedCode>;

export const SNOMED = "http://snomed.info/sct";
export const SERVICE_TYPE = "http://terminology.hl7.org/CodeSystem/service-type";
export const NEED_SYSTEM = "https://waymark.example/fhir/CodeSystem/need";

export type NeedFacts = { words: string; snomed: readonly string[]; serviceType: readonly string[] };

/** One row for each need: plain words, and the SNOMED CT and HL7 service-type codes that mean it. */
export const NEEDS: Record<NeedCode, NeedFacts> = {
  employment: {
    words: "help to find work",
    snomed: ["1098041000000101", "1098051000000103"],
    serviceType: ["118", "375", "601"],
  },
  "supported-employment": {
    words: "supported employment",
    snomed: ["1082611000000105", "1082621000000104", "335891000000102", "70082004", "18781004"],
    serviceType: [],
  },
  training: { words: "training for work", snomed: [], serviceType: [] },
  "basic-skills": { words: "help with reading, writing, numbers or English", snomed: [], serviceType: [] },
  "debt-advice": { words: "help with debt", snomed: [], serviceType: ["73", "122"] },
  "benefits-advice": { words: "advice on benefits", snomed: [], serviceType: ["470"] },
  "housing-advice": {
    words: "advice on housing",
    snomed: ["710911006", "225340009"],
    serviceType: ["128"],
  },
  homelessness: { words: "help for a person without a home", snomed: [], serviceType: ["127"] },
  childcare: { words: "help with childcare", snomed: [], serviceType: [] },
  "social-support": { words: "social support", snomed: ["871731000000106"], serviceType: ["443"] },
  "legal-advice": { words: "legal advice", snomed: [], serviceType: ["132", "133"] },
};

/** What a sender wrote for the need, kept when we do not know its code. */
export const CodeAsSent = z.object({
  system: z.string().max(200).optional(),
  code: z.string().max(64).optional(),
  display: z.string().max(200).optional(),
});
