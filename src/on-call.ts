// The watch of this process: what is wrong is seen, told once by whoever claims it, and told to be over. A heartbeat goes out
// while all is well here. None of it takes the way of referrals: it has a client of its own, and no row of work.
import { createHeartbeat } from "../adapters/alerts/heartbeat.ts";
import { createAlertMail } from "../adapters/alerts/mail.ts";
import { createAlertWebhook } from "../adapters/alerts/webhook.ts";
import { inTime } from "../adapters/http/in-time.ts";
import { createLetters } from "../adapters/letters/index.ts";
import { createSmtp } from "../adapters/letters/smtp.ts";
import type { Log } from "../adapters/log.ts";
import type { Outbound } from "../adapters/outbound/client.ts";
import { onDisk } from "../adapters/postgres/room.ts";
import { localClock } from "../adapters/system.ts";
import type { Alert, Telling } from "../schemas/alert.ts";
import type { Config } from "../schemas/config.ts";
import { isEmbedded } from "./config.ts";
import { type Away, awayAfter, HERE } from "./core/away.ts";
import { every } from "./every.ts";
import { limitsOf, SILENT_MS } from "./on-call-limits.ts";
import type { Innards, Means } from "./ports/on-call.ts";
import { createAlarm, type Told } from "./steps/alarm.ts";
import { createWatch } from "./steps/watch.ts";
import { createWayTo } from "./way-to.ts";
import type { Ground } from "./wire.ts";

type Parts = {
  config: Config;
  ground: Ground;
  outbound: Outbound;
  log: Log;
  ringer: { rangAt(): Date };
  queue: { check(): Promise<{ ok: boolean }> };
  packsUnreadSince(): Date | undefined;
  journalUnreadSince(): Date | undefined;
  /** Destinations that answered since it was last asked. */
  reached(): ReadonlyMap<string, Date>;
};

/** Looks that may be missed before what they would have seen is over. */
const LOOKS = 4;

/** A store that says neither yes nor no is away too. Telling takes longer: whoever is told may be slow. */
const ANSWER_MS = 10_000;
const TELL_MS = 60_000;

export const startOnCall = (parts: Parts): { stop(): Promise<void> } => {
  const { config, ground, log } = parts;
  const { store, clock, ids } = ground;
  const repeatMs = config.ALERT_REPEAT_MINUTES * 60_000;
  const lookMs = config.ALERT_LOOK_SECONDS * 1_000;
  const innards = innardsOf(parts);
  const watch = createWatch({
    lookout: store.lookout,
    alerts: store.alerts,
    innards,
    clock,
    limits: limitsOf(config),
    goneMs: lookMs * LOOKS,
  });
  const means = meansOf(parts);
  const alarm = createAlarm({
    alerts: store.alerts,
    means,
    wayTo: createWayTo(config, store.clients),
    clock,
    repeatMs,
  });
  let away: Away = HERE;
  let wellAt: Date | undefined;

  const say = ({ telling: { what, alert }, by, failed }: Told): void => {
    const { code, of, cause, count, since } = alert;
    const line = { alert: code, what, of, cause, count, since, by: by ?? "log", failed };
    if (means.length > 0 && by === undefined) log.error(line, "nobody could be told of an alert");
    else log.warn(line, "alert");
  };

  /** What no row can say: the store itself does not answer. */
  const tellAway = async (reached: boolean): Promise<void> => {
    const now = clock.now();
    const { since } = away;
    const next = awayAfter(away, reached, { afterMs: SILENT_MS, repeatMs }, now);
    away = next.away;
    if (next.what === undefined) return;
    const alert: Alert = { id: ids.uuid(), subject: "store-away", code: "store-away", since: since ?? now, told: 0 };
    const telling: Telling = { id: alert.id, what: next.what, alert, token: alert.id };
    say(await alarm.tell(telling));
  };

  const look = async (): Promise<void> => {
    try {
      await inTime(watch(), ANSWER_MS);
      wellAt = clock.now();
      for (const told of await inTime(alarm.tellDue(), TELL_MS)) say(told);
    } catch (error) {
      log.warn({ err: error }, "the watch cannot use the store");
      await tellAway(false);
      return;
    }
    await tellAway(true);
  };

  const beat = heartbeatOf(parts, () => {
    const now = clock.now().getTime();
    const recent = (at: Date | undefined): boolean => at !== undefined && now - at.getTime() < SILENT_MS;
    return recent(wellAt) && recent(parts.ringer.rangAt());
  });
  const looking = every(lookMs, look);
  const beating = beat === undefined ? undefined : every(config.ALERT_HEARTBEAT_SECONDS * 1_000, beat);
  return { stop: async () => void (await Promise.all([looking.stop(), beating?.stop()])) };
};

const innardsOf = ({
  config,
  ground,
  ringer,
  queue,
  packsUnreadSince,
  journalUnreadSince,
  reached,
}: Parts): Innards => {
  const { clock } = ground;
  const upSince = clock.now();
  let queueDownSince: Date | undefined;
  const free = isEmbedded(config) ? onDisk(config.WAYMARK_DATA) : undefined;
  return {
    reached,
    look: async () => {
      const { ok } = await queue.check();
      queueDownSince = ok ? undefined : (queueDownSince ?? clock.now());
      return {
        upSince,
        rangAt: ringer.rangAt(),
        queueDownSince,
        packsUnreadSince: packsUnreadSince(),
        journalUnreadSince: journalUnreadSince(),
        clockApartMs: localClock.now().getTime() - clock.now().getTime(),
        freeBytes: await free?.(),
      };
    },
  };
};

const meansOf = ({ config, ground, outbound }: Parts): Means[] => {
  const { ALERT_WEBHOOK_URL: url, ALERT_EMAIL_TO: to, LETTERS_FROM: from } = config;
  const smtp = config.ALERT_SMTP_URL ?? config.SMTP_URL;
  const { signer, clock } = ground;
  return [
    ...(url === undefined
      ? []
      : [createAlertWebhook({ url, secrets: config.ALERT_WEBHOOK_SECRET, outbound, signer, clock })]),
    ...(to.length === 0 || smtp === undefined || from === undefined
      ? []
      : [createAlertMail({ url: smtp, to, letters: createLetters([createSmtp({ url: smtp, from })]) })]),
  ];
};

const heartbeatOf = ({ config, outbound, log }: Parts, well: () => boolean): (() => Promise<void>) | undefined => {
  if (config.ALERT_HEARTBEAT_URL === undefined) return undefined;
  const heartbeat = createHeartbeat(config.ALERT_HEARTBEAT_URL, outbound);
  return async () => {
    if (!well()) return log.warn("no heartbeat: this process is not well");
    const cause = await heartbeat();
    if (cause !== undefined) log.warn({ cause }, "the heartbeat was not heard");
  };
};
