// The operator of a house: types verbs, which the running broker does.
import { expect } from "vitest";
import { runVerb, type Printed } from "../../src/cli/run.ts";
import { toolsOf } from "../../src/operate.ts";
import type { Loose } from "../fixtures/gp/index.ts";
import type { House } from "./house.ts";

type Operated = Pick<House, "config" | "broker">;

export const operate = ({ config, broker }: Operated, argv: readonly string[]): Promise<Printed> =>
  runVerb(
    argv,
    toolsOf(config, () => Promise.resolve(broker.ground)),
    { cwd: "/" },
  );

/** What a verb that must go well prints for programs. */
export const operated = async (house: Operated, argv: readonly string[]): Promise<Loose> => {
  const printed = await operate(house, [...argv, "--json"]);
  expect([argv, printed]).toMatchObject([argv, { status: 0, err: "" }]);
  return JSON.parse(printed.out) as Loose;
};
