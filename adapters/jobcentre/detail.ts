// What a work coach wrote about aims and work, as lines for the provider that accepts. The schema's limits keep it under 4,000.
import type { HandOff } from "../../schemas/foreign/jobcentre.ts";

export const detailOf = ({ reason, work, programme, handover }: HandOff): string | undefined => {
  const lines: [string, string | undefined][] = [
    ["Why", reason],
    ["Aims", work?.aims],
    ["Jobs preferred", work?.jobPreferences.join("; ")],
    ["Hours preferred", work?.preferredHours],
    ["Restrictions", work?.restrictions.join("; ")],
    ["Childcare", work?.childcare],
    ["Programme asked for", programme?.code],
    ["Meeting agreed for", handover?.agreedMeetingAt],
  ];
  const said = lines.filter(([, words]) => words !== undefined && words !== "");
  return said.length === 0 ? undefined : said.map(([label, words]) => `${label}: ${words}`).join("\n");
};
