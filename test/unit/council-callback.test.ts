// News for a council goes out as FixMyStreet takes updates in.
import { describe, expect, it } from "vitest";
import { councilDoor } from "../../adapters/council/index.ts";
import type { Callback } from "../../schemas/callback.ts";
import type { Client } from "../../schemas/client.ts";
import { Status } from "../../schemas/referral.ts";

const callback: Callback = {
  id: "0192f000-0000-7000-8000-0000000000b1",
  type: "referral.held",
  client: "0192f000-0000-7000-8000-0000000000c2",
  referral: "0192f000-0000-7000-8000-000000000001",
  reference: "WM-ABCD-EFGH",
  sequence: 2,
  at: "2026-11-02T10:00:00.000Z",
  status: "held",
  reasons: [{ code: "consent-missing", severity: "error" }],
};
const render = (status: Callback["status"] = "held") =>
  councilDoor.renderCallback({ ...callback, status }, { organisation: "E09000007" } as Client);

describe("an update for a council", () => {
  it("has every field that FixMyStreet demands, none of them empty", () => {
    const rendered = render();
    expect(rendered.path).toBe("/servicerequestupdates.json");
    expect(rendered.contentType).toBe("application/x-www-form-urlencoded");
    expect(Object.fromEntries(new URLSearchParams(rendered.body))).toEqual({
      jurisdiction_id: "E09000007",
      service_request_id: "WM-ABCD-EFGH",
      update_id: callback.id,
      updated_datetime: callback.at,
      status: "open",
      description:
        "The request waits for something from you. We have no consent to share with this kind of provider. Ask the person, then send it.",
    });
  });

  it.each([
    ["held", "open"],
    ["offered", "internal_referral"],
    ["acknowledged", "internal_referral"],
    ["seeking", "internal_referral"],
    ["accepted", "in_progress"],
    ["started", "in_progress"],
    ["ended", "closed"],
    ["withdrawn", "closed"],
    ["unmet", "no_further_action"],
  ] as const)("says %s as %s", (status, theirs) => {
    expect(new URLSearchParams(render(status).body).get("status")).toBe(theirs);
  });

  it("has words for every status", () => {
    for (const status of Status.options)
      expect(new URLSearchParams(render(status).body).get("description")).toMatch(/\w/);
  });

  it("reads a refusal of what exists as taken, and leaves any other reply to its status", () => {
    const { taken } = render();
    expect(taken?.(400, {}, '{"errors":{"code":400,"description":"Bad request: already exists"}}')).toBe(true);
    expect(taken?.(400, {}, "Bad request: status")).toBeUndefined();
    expect(taken?.(500, {}, "already exists")).toBeUndefined();
    expect(taken?.(200, {}, "")).toBeUndefined();
  });
});
