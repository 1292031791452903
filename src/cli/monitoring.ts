// waymark monitoring: what people answered for equality monitoring, in counts that point at nobody.
import { actingAs } from "./operator.ts";
import type { AddVerb } from "./verb.ts";

export const addMonitoringVerb: AddVerb = (program, tools, _caller, end) => {
  program
    .command("monitoring")
    .description("how many people gave each answer for equality monitoring, rounded; few are not counted out")
    .option("--test", "of test clients")
    .option("--by <name>", "who looks")
    .action(async (options: { test?: boolean; by?: string }) => {
      const acting = await actingAs((await tools.store()).clients, options.by, "operate");
      if (!acting.ok) return end(acting.ending);
      const { counts, fewest } = await tools.monitoring(options.test === true);
      const lines = counts.map(({ question, answer, people }) => {
        const many = people === undefined ? `fewer than ${fewest}` : `about ${people}`;
        return `${question}  ${answer}: ${many}`;
      });
      end({ status: 0, text: lines.length === 0 ? "Nobody has answered yet." : lines.join("\n"), json: counts });
    });
};
