// A store that hangs must not hang its callers: each hears in time that it should ask again.
import { once } from "node:events";
import { request } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { startHarness, type Harness } from "./http-harness.ts";

let harness: Harness;
afterEach(() => harness.close());

const ANSWER_MS = 150;
const asks = (path: string) =>
  fetch(`${harness.origin}${path}`, { method: "POST", body: "{}", headers: { "content-type": "application/json" } });

describe("an answer that does not come", () => {
  it("becomes a 503 with Retry-After in the door's own form, and what comes later disturbs nobody", async () => {
    harness = await startHarness({ answerMs: ANSWER_MS });
    const reply = await asks("/toy/v1/hangs");
    expect(reply.status).toBe(503);
    expect(reply.headers.get("retry-after")).toBe("5");
    expect(await reply.json()).toEqual({ toy: ["too-busy"] });
    harness.goOn();
    expect((await asks("/toy/v1/things")).status).toBe(201);
    const line = await harness.lineWhere((one) => one["status"] === 503);
    expect(line).toMatchObject({ late: true, reasons: ["too-busy"] });
    expect(harness.lines.join()).not.toContain("we broke");
  });

  it("is not said while the caller is still sending its own part", async () => {
    harness = await startHarness({ answerMs: ANSWER_MS });
    const headers = { "content-type": "application/json", "content-length": 2 };
    const slow = request(`${harness.origin}/toy/v1/things`, { method: "POST", headers });
    const answered = once(slow, "response");
    slow.write("{");
    await new Promise((done) => setTimeout(done, ANSWER_MS * 2));
    slow.end("}");
    const [response] = (await answered) as [{ statusCode: number; resume(): void }];
    response.resume();
    expect(response.statusCode).toBe(201);
  });
});
