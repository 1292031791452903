// The log's own fence: what should never have been handed to it does not come out.
import { describe, expect, it } from "vitest";
import { createLog, scrubbed } from "../../adapters/log.ts";

const written = (write: (log: ReturnType<typeof createLog>) => void, level = "debug"): Record<string, unknown>[] => {
  const lines: string[] = [];
  write(createLog({ level, destination: { write: (line) => lines.push(line) } }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
};

describe("the log", () => {
  it("is one JSON line with level, time and the fields", () => {
    expect(written((log) => log.info({ client: "c", reasons: ["required"], ms: 1.5 }, "request"))).toEqual([
      {
        level: "info",
        time: expect.any(String) as string,
        client: "c",
        reasons: ["required"],
        ms: 1.5,
        msg: "request",
      },
    ]);
    expect(written((log) => log.debug("quiet"), "warn")).toEqual([]);
  });

  it("keeps out fields that would be personal or secret, at the top and below", () => {
    const [line] = written((log) =>
      log.info(
        { body: "b", name: "Jane", a: { nhsNumber: "x", b: { token: "t" } }, headers: { authorization: "s" } },
        "m",
      ),
    );
    expect(line).toMatchObject({
      body: "[kept out]",
      name: "[kept out]",
      a: { nhsNumber: "[kept out]", b: { token: "[kept out]" } },
      headers: "[kept out]",
    });
  });

  it("blanks national numbers in any text, also in the message, and leaves ids alone", () => {
    expect(scrubbed("of 9990000018, 999 000 0018 and 999-000-0018; AB123456C or AB 12 34 56 C")).toBe(
      "of [number], [number] and [number]; [number] or [number]",
    );
    const kept = "9990000019 F83000 WM-7K3M-X9QA 0198c0de-0000-7000-8000-999000001800 1764000000000";
    expect(scrubbed(kept)).toBe(kept);
    expect(written((log) => log.warn({ deep: [{ note2: "AB123456C" }] }, "for 9990000018"))).toMatchObject([
      { deep: [{ note2: "[number]" }], msg: "for [number]" },
    ]);
  });

  it("tells an error by type, code and stack, and not by what it quotes", () => {
    const cause = Object.assign(new Error(`duplicate key "people": Key (nino)`), {
      code: "23505",
      detail: "Key (name)=(Jane Example) already exists.",
    });
    const [line] = written((log) => log.error({ err: new Error("insert of 'Jane Example' failed", { cause }) }));
    expect(line).toMatchObject({
      msg: "-",
      err: {
        type: "Error",
        message: "insert of … failed",
        stack: expect.arrayContaining([expect.stringMatching(/^\s+at /)]) as string[],
        cause: { code: "23505", message: "duplicate key …: Key (nino)" },
      },
    });
    expect(JSON.stringify(line)).not.toContain("Jane");
  });

  it("says nothing of what a JSON parser quotes, also when the error comes alone", () => {
    const broken = (): unknown => JSON.parse('{"a": x, "b": "Jane"}');
    const lines = written((log) => {
      try {
        broken();
      } catch (error) {
        log.error(error);
        log.error({ err: error });
        log.error({ err: error }, "could not read");
      }
    });
    expect(lines.map((line) => line["msg"])).toEqual(["-", "-", "could not read"]);
    expect(JSON.stringify(lines)).not.toContain("Jane");
    expect(lines.map((line) => Object.keys(line["err"] as object))).toEqual(lines.map(() => ["type", "stack"]));
  });
});
