// The watch of one process: what it tells when the store itself is away, and when its heartbeat falls silent.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createLog } from "../../adapters/log.ts";
import type { Stand } from "../../schemas/alert.ts";
import { readConfig } from "../../src/config.ts";
import { startOnCall } from "../../src/on-call.ts";
import { createWayTo } from "../../src/way-to.ts";
import type { Client } from "../../schemas/client.ts";
import { only } from "../builders/ports.ts";

const SETTINGS = {
  ALERT_WEBHOOK_URL: "https://chat.example/hook",
  ALERT_HEARTBEAT_URL: "https://beat.example/1",
  ALERT_HEARTBEAT_SECONDS: "10",
  DATABASE_URL: "postgres://h/d",
  WAYMARK_KEYS: JSON.stringify({
    current: "a",
    wrapping: { a: Buffer.alloc(32, 5).toString("base64") },
    index: Buffer.alloc(32, 5).toString("base64"),
    webhook: Buffer.alloc(32, 5).toString("base64"),
  }),
};
const config = (more: Record<string, string> = {}) => {
  const read = readConfig({ ...SETTINGS, ...more });
  if (!read.ok) throw new Error(read.faults.join());
  return read.config;
};

describe("a process", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const open = () => {
    const state = { store: true, mute: false, queue: true, rangAt: undefined as Date | undefined };
    const [posted, seen, lines, beats]: [string[], Stand[][], string[], Date[]] = [[], [], [], []];
    const clock = { now: () => new Date(Date.now()) };
    const must = <T>(value: T): Promise<T> =>
      state.mute
        ? new Promise<T>(() => undefined)
        : state.store
          ? Promise.resolve(value)
          : Promise.reject(new Error("away"));
    const sight = { breakers: [], failing: [], due: [], dead: [], pauses: [], canary: {} };
    const ground = {
      clock,
      ids: { uuid: () => "01980000-0000-7000-8000-0000000000aa" },
      signer: { headers: () => ({}) },
      store: {
        clients: {},
        lookout: { look: () => must(sight), reached: () => must(undefined) },
        alerts: {
          see: (stands: Stand[]) => must(void seen.push(stands)),
          claim: () => must([]),
        },
      },
    };
    const { stop } = startOnCall({
      config: config(),
      ground: ground as never,
      outbound: only({
        post: async (_url: string, { body }: { body: string }) => {
          posted.push((JSON.parse(body) as { type: string }).type);
          return { kind: "answer" as const, status: 204, headers: {}, body: "" };
        },
        request: async () => {
          beats.push(clock.now());
          return { kind: "answer" as const, status: 200, headers: {}, bytes: Buffer.alloc(0) };
        },
      }) as never,
      log: createLog({ level: "trace", destination: { write: (line) => void lines.push(line) } }),
      ringer: { rangAt: () => state.rangAt ?? clock.now() },
      queue: { check: async () => ({ ok: state.queue }) },
      packsUnreadSince: () => undefined,
      journalUnreadSince: () => undefined,
      reached: () => new Map(),
    });
    return { state, posted, seen, lines, beats, stop, pass: (s: number) => vi.advanceTimersByTimeAsync(s * 1_000) };
  };

  it("tells by itself that the store is away, once, and once that it is back", async () => {
    const { state, posted, lines, stop, pass } = open();
    await pass(60);
    state.store = false;
    await pass(35);
    expect(posted).toEqual([]);
    await pass(10);
    expect(posted).toEqual(["alert.begins"]);
    await pass(600);
    expect(posted).toEqual(["alert.begins"]);
    state.store = true;
    await pass(10);
    expect(posted).toEqual(["alert.begins", "alert.ends"]);
    await pass(60);
    expect(posted).toHaveLength(2);
    expect(lines.filter((line) => line.includes('"alert":"store-away"'))).toHaveLength(2);
    await stop();
  });

  it("tells the same of a store that takes the question and never answers", async () => {
    const { state, posted, stop, pass } = open();
    await pass(60);
    state.mute = true;
    await pass(80);
    expect(posted).toEqual(["alert.begins"]);
    state.mute = false;
    await pass(30);
    expect(posted).toEqual(["alert.begins", "alert.ends"]);
    await stop();
  });

  it("gives a sign of life only while it can write to the store and look for work", async () => {
    const { state, beats, stop, pass } = open();
    await pass(60);
    const well = beats.length;
    expect(well).toBeGreaterThanOrEqual(5);
    state.store = false;
    await pass(30);
    const before = beats.length;
    await pass(120);
    expect(beats).toHaveLength(before);
    state.store = true;
    await pass(30);
    expect(beats.length).toBeGreaterThan(before);

    state.rangAt = new Date(Date.now());
    await pass(40);
    const silent = beats.length;
    await pass(60);
    expect(beats).toHaveLength(silent);
    await stop();
    await pass(60);
    expect(beats).toHaveLength(silent);
  });

  it("sees that its queue is down, and since when", async () => {
    const { state, seen, stop, pass } = open();
    await pass(20);
    state.queue = false;
    await pass(50);
    expect(seen.at(-1)).toEqual([{ code: "queue-down", since: expect.any(Date) as Date }]);
    state.queue = true;
    await pass(10);
    expect(seen.at(-1)).toEqual([]);
    await stop();
  });
});

describe("the way to what failed", () => {
  const client = (more: Partial<Client>): Client => ({
    id: "c",
    kind: "provider",
    organisation: "F83999",
    name: "Sample",
    scopes: [],
    test: false,
    webhookSecrets: [],
    ...more,
  });
  const wayTo = (found: Client | undefined, more: Record<string, string> = {}) =>
    createWayTo(config(more), {
      byId: async () => found,
      byOrganisation: async (_kind, _organisation, test) => (test ? undefined : found),
    });
  const LETTERS = { SMTP_URL: "smtps://mail.example", LETTERS_FROM: "a@b.example" };
  const NOTIFY = {
    NOTIFY_API_KEY: `name-${"11111111-1111-4111-8111-111111111111"}-${"11111111-1111-4111-8111-111111111111"}`,
    NOTIFY_EMAIL_TEMPLATE: "11111111-1111-4111-8111-111111111111",
    NOTIFY_URL: "https://notify.example",
  };
  const EMAIL = { by: "email", address: "desk@clinic.example", mobile: "+447700900123" } as const;
  const FHIR = {
    by: "fhir",
    base: "https://fhir.example/R4",
    tokenUrl: "https://login.example:8443/t",
    clientId: "w",
    answers: "poll",
  } as const;

  it.each<[Partial<Client>, Record<string, string>, string[]]>([
    [{ callbackUrl: "https://hear.example/x" }, {}, ["hear.example:443"]],
    [{ reach: FHIR }, {}, ["fhir.example:443", "login.example:8443"]],
    [{ reach: EMAIL }, LETTERS, ["mail.example:465"]],
    // GOV.UK Notify goes before SMTP.
    [{ reach: EMAIL }, { ...LETTERS, ...NOTIFY }, ["notify.example:443"]],
    [{ reach: { by: "pull" } }, LETTERS, []],
  ])("%o leads there", async (more, settings, hosts) => {
    const found = await wayTo(client(more), settings)({ code: "provider-failing", of: "provider:F83999" });
    expect(found).toEqual({ hosts });
  });

  it("of a referrer says whose system it is; a line of our own leads nowhere", async () => {
    const way = wayTo(client({ kind: "gp", callbackUrl: "http://10.0.0.1/x" }));
    expect(await way({ code: "referrer-failing", of: "client:c" })).toEqual({ hosts: ["10.0.0.1:80"], name: "F83999" });
    expect(await way({ code: "queue-down" })).toEqual({ hosts: [] });
    expect(await way({ code: "work-overdue", of: "assess" })).toEqual({ hosts: [] });
    expect(await wayTo(undefined)({ code: "dead-letters", of: "client:gone" })).toEqual({ hosts: [] });
  });
});
