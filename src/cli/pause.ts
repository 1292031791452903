// waymark pause and resume: an operator stops everything, a door, a destination or a programme, and lets it go on.
import { z } from "zod";
import { PauseScope, type Pause } from "../../schemas/pause.ts";
import { text } from "../../schemas/text.ts";
import { actingAs } from "./operator.ts";
import type { AddVerb, Ending, Tools } from "./verb.ts";

const SCOPE = "operate";
const Begun = z.object({ scope: PauseScope, by: text(80), reason: text(200) });
const Ended = z.object({ scope: PauseScope, by: text(80) });

export const addPauseVerbs: AddVerb = (program, tools, _caller, end) => {
  program
    .command("pause")
    .description("stop something for a while; without a scope, list what is paused")
    .argument(
      "[scope]",
      "all | door:gp | destination:provider:<organisation> | destination:client:<id> | programme:<id>",
    )
    .option("--by <name>", "who stops it")
    .option("--reason <text>", "why; name nobody who was referred")
    .action(async (scope: string | undefined, options: object) => {
      const { pauses, clients } = await tools.store();
      if (scope === undefined) return end(listed(await pauses.list()));
      const asked = Begun.safeParse({ scope, ...options });
      if (!asked.success) return end(wrong(asked.error.issues));
      const unknown = await unknownIn(tools, asked.data.scope);
      if (unknown !== undefined) return end(wrong([{ path: ["scope"], message: unknown }]));
      const acting = await actingAs(clients, asked.data.by, SCOPE);
      if (!acting.ok) return end(acting.ending);
      const made = await pauses.pause(asked.data);
      const json = { scope: asked.data.scope, paused: made };
      if (!made) return end({ status: 1, text: `${asked.data.scope} was paused before. That pause stands.`, json });
      end({ status: 0, text: `Paused ${asked.data.scope}. ${EFFECT[kindOf(asked.data.scope)]}`, json });
    });

  program
    .command("resume")
    .description("let what was paused go on: what waited for it is done at once")
    .argument("<scope>", "as it was paused")
    .option("--by <name>", "who lets it go on")
    .action(async (scope: string, options: object) => {
      const asked = Ended.safeParse({ scope, ...options });
      if (!asked.success) return end(wrong(asked.error.issues));
      const { pauses, clients } = await tools.store();
      const acting = await actingAs(clients, asked.data.by, SCOPE);
      if (!acting.ok) return end(acting.ending);
      const ended = await pauses.resume(asked.data.scope, asked.data.by);
      const json = { scope, resumed: ended };
      end({ status: ended ? 0 : 1, text: ended ? `${scope} goes on.` : `${scope} is not paused.`, json });
    });
};

type Kind = "all" | "door" | "destination" | "programme";
const kindOf = (scope: string): Kind => scope.split(":")[0] as Kind;

const EFFECT: Record<Kind, string> = {
  all: "Within a second every door answers 503, and nothing is decided or sent.",
  door: "Within a second it answers 503 to what is new. Reading goes on.",
  destination: "Within a second nothing is sent there, and no attempt is spent.",
  programme: "Within a second it makes no offers, and those it made are not sent. What it would take waits.",
};

/** A slip of the pen must not look like a pause. */
const unknownIn = async (tools: Tools, scope: PauseScope): Promise<string | undefined> => {
  const [kind, first = "", second] = scope.split(":");
  if (kind === "programme" && !(await tools.programmes()).includes(first)) return "no programme in force has this id";
  if (kind !== "destination") return undefined;
  const all = await (await tools.store()).clients.list();
  const known =
    first === "client" ? all.some(({ id }) => id === second) : all.some((one) => one.organisation === second);
  return known ? undefined : "no client of this name is registered";
};

const listed = (pauses: readonly Pause[]): Ending => ({
  status: 0,
  text:
    pauses.length === 0
      ? "Nothing is paused."
      : pauses
          .map(({ scope, by, reason, since }) => `${scope}  since ${since.toISOString()} by ${by}: ${reason}`)
          .join("\n"),
  json: pauses,
});

type Issue = { path: readonly PropertyKey[]; message: string };
const wrong = (issues: readonly Issue[]): Ending => ({
  status: 2,
  text: issues.map(({ path, message }) => `${path[0] === "scope" ? "" : "--"}${path.join(".")}: ${message}`).join("\n"),
  json: { faults: issues.map(({ path, message }) => ({ path: path.join("."), message })) },
});
