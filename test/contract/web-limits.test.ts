// How often one address may look and send: counted before anything is asked, and told as a page.
import { afterEach, describe, expect, it } from "vitest";
import { packageRoot } from "../../adapters/postgres/migrate.ts";
import { consentRoutes } from "../../adapters/web/consent.ts";
import { createFrame } from "../../adapters/web/frame.ts";
import { openRoutes } from "../../adapters/web/open.ts";
import type { AskDesk } from "../../src/ports/asking.ts";
import type { Doorkeeper } from "../../src/ports/links.ts";
import type { Steps } from "../../src/ports/steps.ts";
import { only } from "../builders/ports.ts";
import { startHarness, type Harness } from "./http-harness.ts";

let harness: Harness | undefined;
afterEach(() => harness?.close());

const start = async (looks: number, sends: number) => {
  const asked: string[] = [];
  const note = <Answer>(name: string, answer: Answer) => {
    return async (): Promise<Answer> => {
      asked.push(name);
      return answer;
    };
  };
  const doorkeeper: Doorkeeper = {
    look: note("look", { standing: "open", phone: "23" } as const),
    sendCode: note("code", "not-sent" as const),
    redeem: note("enter", { outcome: "wrong", left: 3 } as const),
    relink: note("again", "sent" as const),
    visitor: note("visitor", undefined),
    leave: note("leave", undefined),
  };
  const router = openRoutes(createFrame(packageRoot()), doorkeeper, { looks, sends });
  harness = await startHarness({ pages: [{ path: "/open", router }] });
  const ask = (method: string, path: string, body = "") =>
    fetch(`${harness?.origin}/open/token${path}`, {
      method,
      redirect: "manual",
      ...(method === "POST" && { body: new URLSearchParams(body), headers: { "sec-fetch-site": "same-origin" } }),
    });
  return { asked, ask };
};

describe("limits of pages", () => {
  it("end a flood of guesses, and let who looks look on", async () => {
    const { asked, ask } = await start(100, 3);
    for (let count = 0; count < 3; count += 1) expect((await ask("POST", "/enter", "code=123456")).status).toBe(422);
    const flooded = await ask("POST", "/enter", "code=123456");
    expect(flooded.status).toBe(429);
    expect(flooded.headers.get("retry-after")).toBe("600");
    expect(await flooded.text()).toContain("too many tries");
    expect(asked.filter((name) => name === "enter")).toHaveLength(3);
    expect((await ask("GET", "")).status).toBe(200);
  });

  it("count codes and new links with the guesses", async () => {
    const { asked, ask } = await start(100, 2);
    expect((await ask("POST", "/code")).status).toBe(503);
    expect((await ask("POST", "/again")).status).toBe(200);
    expect((await ask("POST", "/code")).status).toBe(429);
    expect((await ask("POST", "/again")).status).toBe(429);
    expect(asked).toEqual(["code", "again"]);
  });

  it("end a flood of looks", async () => {
    const { ask } = await start(2, 100);
    expect((await ask("GET", "")).status).toBe(200);
    expect((await ask("HEAD", "")).status).toBe(200);
    expect((await ask("GET", "")).status).toBe(429);
  });

  it("take no form longer than a form of ours", async () => {
    const { asked, ask } = await start(100, 100);
    const reply = await ask("POST", "/enter", `code=${"1".repeat(40_000)}`);
    expect(reply.status).toBe(413);
    expect(reply.headers.get("content-type")).toContain("text/html");
    expect(asked).toEqual([]);
  });

  it("end a flood of days of birth on the person's own page", async () => {
    const proved: string[] = [];
    const desk: AskDesk = {
      prove: async (_, day) => (proved.push(day), { outcome: "no" }),
      page: async () => undefined,
      leave: async () => undefined,
    };
    const limits = { looks: 100, sends: 3 };
    const parts = { frame: createFrame(packageRoot()), desk, steps: only<Pick<Steps, "amend">>({}), limits };
    const router = consentRoutes({ ...parts, clock: { now: () => new Date(0) } });
    harness = await startHarness({ pages: [{ path: "/consent", router }] });
    const guess = (token: string) =>
      fetch(`${harness?.origin}/consent/${token}`, {
        method: "POST",
        headers: { "sec-fetch-site": "same-origin" },
        body: new URLSearchParams({ "born-day": "9", "born-month": "4", "born-year": "1984" }),
      });
    // Whichever link it is: another one brings no more guesses.
    for (const letter of ["a", "b", "c"]) expect((await guess(letter.repeat(43))).status).toBe(422);
    expect((await guess("d".repeat(43))).status).toBe(429);
    expect(proved).toEqual(["1984-04-09", "1984-04-09", "1984-04-09"]);
  });
});
