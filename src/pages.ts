// What people open in a browser, each router with its path.
import type { Router } from "express";
import { packageRoot } from "../adapters/postgres/migrate.ts";
import { answerRoutes } from "../adapters/web/answer.ts";
import { consentRoutes } from "../adapters/web/consent.ts";
import { createFrame } from "../adapters/web/frame.ts";
import { PAGE_LIMITS } from "../adapters/web/limit.ts";
import { openRoutes } from "../adapters/web/open.ts";
import type { Links } from "./links.ts";
import type { Rulebook } from "./ports/rulebook.ts";
import type { Steps } from "./ports/steps.ts";
import type { Clock } from "./ports/system.ts";
import type { Views } from "./ports/views.ts";

type Parts = {
  links: Pick<Links, "doorkeeper" | "asking">;
  steps: Steps;
  views: Views;
  rulebook: Rulebook;
  clock: Clock;
  closed(): Promise<boolean>;
};

export const composePages = ({
  links,
  steps,
  views,
  rulebook,
  clock,
  closed,
}: Parts): { path: string; router: Router }[] => {
  const { doorkeeper, asking } = links;
  const frame = createFrame(packageRoot(), closed);
  const service = (id: string): string => rulebook.directory().services.find((one) => one.id === id)?.name ?? id;
  const limits = PAGE_LIMITS;
  return [
    { path: "/assets", router: frame.assets },
    { path: "/open", router: openRoutes(frame, doorkeeper, limits) },
    { path: "/consent", router: consentRoutes({ frame, desk: asking.desk, steps, clock, limits }) },
    { path: "/answer", router: answerRoutes({ frame, doorkeeper, views, steps, clock, names: { service }, limits }) },
  ];
};
