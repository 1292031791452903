// What people open in a browser, each router with its path.
import type { Router } from "express";
import { packageRoot } from "../adapters/postgres/migrate.ts";
import { answerRoutes } from "../adapters/web/answer.ts";
import { createFrame } from "../adapters/web/frame.ts";
import { PAGE_LIMITS } from "../adapters/web/limit.ts";
import { openRoutes } from "../adapters/web/open.ts";
import type { Doorkeeper } from "./ports/links.ts";
import type { Rulebook } from "./ports/rulebook.ts";
import type { Steps } from "./ports/steps.ts";
import type { Views } from "./ports/views.ts";

type Parts = { doorkeeper: Doorkeeper; steps: Steps; views: Views; rulebook: Rulebook };

export const composePages = ({ doorkeeper, steps, views, rulebook }: Parts): { path: string; router: Router }[] => {
  const frame = createFrame(packageRoot());
  const service = (id: string): string => rulebook.directory().services.find((one) => one.id === id)?.name ?? id;
  const limits = PAGE_LIMITS;
  return [
    { path: "/assets", router: frame.assets },
    { path: "/open", router: openRoutes(frame, doorkeeper, limits) },
    { path: "/answer", router: answerRoutes({ frame, doorkeeper, views, steps, names: { service }, limits }) },
  ];
};
