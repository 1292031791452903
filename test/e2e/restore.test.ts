// A store lost with its machine, as an operator meets it: real processes that are killed, a backup or a copied folder put in its
// place, and the verbs of docs/restore.md typed one after the other.
import { cp, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Stage } from "../world/stage.ts";
import { get, message, post } from "../flow/letters.ts";
import { until } from "../flow/house.ts";
import type { GpOptions } from "../fixtures/gp/index.ts";
import { embeddedHome, type Home, serverHome } from "./home.ts";
import { kill, killAll, type Settings, waymark } from "./program.ts";

const MINUTES = 60_000;
const COACHING = "sample-islington-coaching";
const PATIENT: GpOptions = {
  need: "employment",
  facts: { employment: "out-of-work", longTermCondition: true },
  person: { postcode: "N1 2UD", birthDate: "1984-04-09" },
};

afterAll(killAll);

/** One surgery, one coach who lets offers lie, and a journal that no kill and no copy reaches. */
const openStory = async (home: Home) => {
  const safe = await mkdtemp(join(tmpdir(), "waymark-e2e-safe-"));
  const settings: Settings = { ...home.settings, WAYMARK_JOURNAL: join(safe, "journal") };
  let program = waymark(settings);
  await program.ready();
  const stage: Stage = await home.stage();
  const [surgery, coach] = [stage.senders.get("islington-surgery"), stage.providers.get(COACHING)];
  if (surgery === undefined || coach === undefined) throw new Error("the sample world has no surgery or no coach");
  coach.manner = "waits";
  const recalled = (reference: string): number =>
    coach.notices.filter((one) => one.reference === reference && one.type === "offer.recalled").length;
  const offersOf = (reference: string) => coach.received.filter((one) => one.reference === reference);
  const journal = async (): Promise<string[]> =>
    (await readFile(join(safe, "journal"), "utf8"))
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { kind: string }).kind);
  return {
    safe,
    coach,
    recalled,
    offersOf,
    journal,
    program: () => program,
    start: async () => {
      program = waymark(settings);
      await program.ready();
    },
    verb: async (...argv: string[]) => (await waymark(settings, argv).ended) as { code: number | null; out: string },
    health: async () => (await fetch(`${home.origin}/health/ready`)).json() as Promise<Record<string, unknown>>,
    send: async (): Promise<string> => {
      const reply = await post(surgery, message(surgery, PATIENT));
      expect(reply.status).toBe(200);
      return String(reply.reference);
    },
    offered: (reference: string) => until(() => offersOf(reference).length > 0, "no offer came"),
    statusOf: async (reference: string): Promise<string> =>
      (JSON.parse((await get(surgery, `/referrals/${reference}`)).text) as { status: string }).status,
    /** Until the coach was told and the journal knows. */
    withdraw: async (reference: string): Promise<void> => {
      const body = JSON.stringify({ reason: "person-declined", by: "person" });
      const headers = { "Content-Type": "application/json" };
      expect((await post(surgery, { path: `/referrals/${reference}/withdrawal`, headers, body })).status).toBe(200);
      await until(() => recalled(reference) === 1, "no recall came");
      await until(async () => (await journal()).includes("withdrawn"), "the journal knows of no withdrawal");
    },
    close: async () => {
      await kill(program);
      await stage.close();
      await rm(safe, { recursive: true, force: true });
      await home.remove();
    },
  };
};
type Story = Awaited<ReturnType<typeof openStory>>;

/** From the moment at which an older store was put in place: what every operator sees until it is over. */
const reconciled = async (story: Story, withdrawn: string, why: string): Promise<void> => {
  const { verb, coach } = story;
  await story.start();
  await story.program().says("in quarantine: see waymark status");
  expect(JSON.stringify(await story.health())).toContain(why);
  expect(await story.statusOf(withdrawn)).toBe("offered");
  const fresh = await story.send();
  expect((await coach.asks("/offers")).status).toBe(503);

  // A process that dies in the middle of a quarantine is in quarantine again.
  await kill(story.program());
  await story.start();
  expect(JSON.stringify(await story.health())).toContain(why);
  expect(await verb("reconcile", "--dry-run")).toMatchObject({ code: 0, out: expect.stringContaining(withdrawn) });
  expect(story.offersOf(fresh)).toEqual([]);
  expect(story.recalled(withdrawn)).toBe(1);

  expect(await verb("reconcile", "--by", "Ada")).toMatchObject({
    code: 0,
    out: expect.stringContaining("The quarantine is over"),
  });
  await story.offered(fresh);
  await until(() => story.recalled(withdrawn) === 2, "the recall did not go again");
  expect(await story.statusOf(withdrawn)).toBe("withdrawn");
  // Under the ids that they had.
  for (const reference of [withdrawn, fresh])
    expect(new Set(story.offersOf(reference).map(({ webhookId }) => webhookId)).size).toBe(1);

  await kill(story.program());
  await story.start();
  expect(await verb("reconcile", "--dry-run")).toMatchObject({ code: 0, out: "There is no quarantine.\n" });
  expect(await story.statusOf(withdrawn)).toBe("withdrawn");
  expect(await verb("audit", "verify")).toMatchObject({ code: 0 });
};

describe("a store that is lost", () => {
  it(
    "is restored from its backup by the verbs alone, and nobody who withdrew is sent out again",
    async () => {
      // On a server, where this run has one: test/flow/restore.test.ts has both.
      const home = (await serverHome()) ?? (await embeddedHome());
      const story = await openStory(home);
      const withdrawn = await story.send();
      await story.offered(withdrawn);
      const backup = join(story.safe, "yesterday");
      expect(await story.verb("backup", "--out", backup)).toMatchObject({ code: 0 });
      await story.withdraw(withdrawn);
      await kill(story.program());

      const restore = ["restore", "--from", backup, "--by", "Ada"];
      expect(await story.verb(...restore)).toMatchObject({ code: 1, out: expect.stringContaining("--force") });
      expect(await story.verb(...restore, "--force")).toMatchObject({ code: 0 });
      await reconciled(story, withdrawn, "restored");
      await story.close();
    },
    3 * MINUTES,
  );
});

describe("a folder that was copied by hand", () => {
  it(
    "is known for an older copy by its journal, with no word from anybody",
    async () => {
      const home = await embeddedHome();
      const story = await openStory(home);
      const withdrawn = await story.send();
      await story.offered(withdrawn);
      const [store, copy] = [join(String(home.settings["WAYMARK_DATA"]), "store"), join(story.safe, "copy")];
      story.program().send("SIGTERM");
      expect(await story.program().ended).toMatchObject({ code: 0 });
      await cp(store, copy, { recursive: true });

      await story.start();
      await story.withdraw(withdrawn);
      await kill(story.program());
      await rm(store, { recursive: true });
      await rename(copy, store);
      await reconciled(story, withdrawn, "journal-ahead");
      await story.close();
    },
    3 * MINUTES,
  );
});
