// What every front door is given, and what it exports: routes, and how its callbacks look.
import type { Response, Router } from "express";
import type { Client, ClientKind } from "../../schemas/client.ts";
import type { Reason } from "../../schemas/reason.ts";
import type { RenderCallback } from "../../src/ports/outward.ts";
import type { Steps } from "../../src/ports/steps.ts";
import type { Clock, Ids } from "../../src/ports/system.ts";
import type { Views } from "../../src/ports/views.ts";

/** How a door says what is wrong, in its own form. Sets status, content type and body. */
export type Render = (res: Response, reasons: readonly Reason[]) => void;

/** Who is calling. On failure the reasons say why, for the door to render (401, 403). */
export type Access = {
  /** A bearer token from /oauth2/token whose client is of one of these kinds and holds the scope. */
  bearer(authorization: string | undefined, kinds: readonly ClientKind[], scope: string): Promise<Caller>;
  /** A GeoReport api_key of a client of this kind. */
  apiKey(key: string | undefined, kind: ClientKind, scope: string): Promise<Caller>;
};
export type Caller = { ok: true; client: Client } | { ok: false; reasons: Reason[] };

export type DoorTools = {
  steps: Steps;
  views: Views;
  access: Access;
  clock: Clock;
  ids: Ids;
  /** Root of our own links, without a slash at the end. */
  publicUrl: string;
};

export type DoorModule = {
  /** Mounted by http at the door's own path. */
  routes(tools: DoorTools): Router;
  renderCallback: RenderCallback;
};
