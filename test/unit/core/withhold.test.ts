import { describe, expect, it } from "vitest";
import { fieldsOpenTo, kindsOf } from "../../../src/core/withhold.ts";
import { NOW } from "../../builders/rules.ts";
import { KINDS, OPEN, openingOf } from "./cases/consents.ts";

describe("a body is given", () => {
  it.each(OPEN)("%s", (_name, open, fields) => {
    const { programme, to, content } = openingOf(open);
    expect(fieldsOpenTo(programme, to, content, NOW)).toEqual(fields);
  });
});

it.each(KINDS)("%j are of the kinds %j", (fields, kinds) => expect(kindsOf(fields)).toEqual(kinds));
