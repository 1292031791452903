// What becomes of one offer at its provider, step by step: good help and bad manners, with words out of turn in between.
import { DeclineReason } from "../../schemas/reason.ts";
import { dayOf } from "../../src/core/calendar.ts";
import type { Draws } from "./draws.ts";
import { needOf } from "./packs.ts";
import type { Timeline } from "./timeline.ts";
import type { Asked, Voice } from "./voice.ts";

/** Hours after the step before; false: there is no more to say. */
export type Step = { after: number; say: () => Promise<boolean> };

const MANNERS = [
  [0.52, "good"],
  [0.6, "late"],
  [0.8, "declines"],
  [0.9, "silent"],
  [0.95, "only-acknowledges"],
  [1, "only-accepts"],
] as const;
export type Manner = (typeof MANNERS)[number][1];

export const mannerOf = (draws: Draws, { person, who }: Asked): Manner => {
  const drawn = draws.of("manner", person, who);
  return MANNERS.find(([share]) => drawn < share)?.[1] ?? "good";
};

type Options = { draws: Draws; timeline: Pick<Timeline, "now">; voice: Voice };

export const scriptOf = ({ draws, timeline, voice }: Options, asked: Asked): Step[] => {
  const manner = mannerOf(draws, asked);
  const about = [asked.person, asked.who] as const;
  const slow = manner === "late" ? 5 : 1;
  const today = (): string => dayOf(timeline.now());
  const step = (most: number, what: string, say: () => Promise<boolean>): Step => {
    return { after: slow * draws.between(0.2, most, what, ...about), say };
  };
  const on = (what: string, most: number, verb: string, body: object = {}): Step =>
    step(most, what, () => voice.says(asked, verb, body));
  const perhaps = (share: number, what: string, ...steps: Step[]): Step[] =>
    draws.chance(share, what, ...about) ? steps : [];
  /** Whatever the answer is: it moves nothing back, which is looked at for every answer. */
  const again = (what: string, most: number, verb: string): Step =>
    step(most, what, () => voice.post(asked, verb).then(() => true));
  const early = (what: string, verb: string, body: object = {}): Step =>
    step(4, what, () => voice.tooEarly(asked, verb, body));

  const accepts = on("accepts", 18, "accept");
  const job = step(30, "job", () => {
    const terms = { employment: "paid", hours: 20, hourlyRate: 14.8 };
    return voice.says(asked, "outcome", { what: "job-started", on: today(), evidence: "employer", ...terms });
  });
  const looksForWork = needOf(Number(asked.who.slice(7, 9))) === "employment";
  const helps: Step[] = [
    ...perhaps(0.7, "acknowledges", on("acknowledges", 20, "acknowledge")),
    ...perhaps(0.12, "too-soon", early("too-soon", "start")),
    accepts,
    ...perhaps(0.12, "outcome-first", {
      after: 1,
      say: () => voice.tooEarly(asked, "outcome", { what: "earnings", total: 100, on: today(), evidence: "rti" }),
    }),
    ...perhaps(0.4, "tries", on("tries", 20, "contact", { outcome: "no-answer" })),
    on("reaches", 24, "contact", { outcome: "reached", way: "visit" }),
    on("starts", 50, "start"),
    ...perhaps(0.1, "late-seen", again("late-seen", 5, "acknowledge")),
    ...perhaps(0.15, "rests", on("rests", 60, "hold"), on("resumes", 90, "resume")),
    ...perhaps(0.3, "plans", on("plans", 40, "milestone", { milestone: "plan-agreed" })),
    ...perhaps(0.05, "future", early("future", "milestone", { milestone: "plan-reviewed", on: "2999-01-01" })),
    ...(looksForWork ? perhaps(0.6, "job", job) : []),
    ...perhaps(0.5, "ends", on("ends", 240, "end", { reason: "completed" })),
    ...perhaps(0.1, "late-yes", again("late-yes", 60, "accept")),
  ];
  const reason = draws.pick(DeclineReason.options, "reason", ...about);
  const because = { reason, ...(reason === "other" ? { text: "Said otherwise." } : {}) };
  const declines: Step[] = [
    ...perhaps(0.5, "acknowledges", on("acknowledges", 20, "acknowledge")),
    on("declines", 30, "decline", because),
    ...perhaps(0.3, "afterwards", early("afterwards", "accept")),
  ];
  return {
    good: helps,
    late: helps,
    declines,
    silent: [],
    "only-acknowledges": [on("sees", 20, "acknowledge")],
    "only-accepts": [accepts],
  }[manner];
};
