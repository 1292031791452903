// Forms are read as the specification of forms says, strictly where leniency would change somebody's name.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readForm, withoutKey } from "../../adapters/council/form.ts";

const form = (text: string) => {
  const read = readForm(Buffer.from(text));
  return read.ok ? Object.fromEntries(read.form) : read.reasons.map((one) => one.code);
};

describe("a form", () => {
  it("gives back what URLSearchParams wrote, trimmed, without empties", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ minLength: 1, unit: "grapheme" }), fc.string({ unit: "grapheme" }))),
        (pairs) => {
          const named = pairs.map(([name, value], at) => [`${at}${name}!`, value] as [string, string]);
          const kept = named.filter(([, value]) => value.trim() !== "").map(([name, value]) => [name, [value.trim()]]);
          expect(form(new URLSearchParams(named).toString())).toEqual(Object.fromEntries(kept));
        },
      ),
    );
  });

  it("joins the values of a list, with and without its brackets", () => {
    expect(form("a[]=1&a%5B%5D=2&a=3&b=&c")).toEqual({ a: ["1", "2", "3"] });
  });

  it("refuses an escape that is no UTF-8 instead of putting another character there", () => {
    expect(form("last_name=Caf%E9")).toEqual(["not-utf8"]);
    expect(form("last_name=%zz")).toEqual(["not-utf8"]);
  });

  it("counts parameters", () => {
    expect(form(Array.from({ length: 200 }, (_, at) => `p${at}=1`).join("&"))).toHaveProperty("p199");
    expect(form(Array.from({ length: 201 }, (_, at) => `p${at}=1`).join("&"))).toEqual(["too-many"]);
  });
});

describe("the bytes that are kept", () => {
  const kept = (text: string) => Buffer.from(withoutKey(Buffer.from(text))).toString();

  it("hold everything but the key", () => {
    expect(kept("a=1&api_key=secret&b=%20+x&api_key=other&api%5Fkey=third")).toBe("a=1&b=%20+x");
    expect(kept("my_api_key=1&api_keys=2")).toBe("my_api_key=1&api_keys=2");
  });
});
