// Steps for tests of what stands around them: the ones that a test names, and none besides.
import { WorkKind, type Work } from "../../schemas/work.ts";
import type { Steps, Worked } from "../../src/ports/steps.ts";

/** Calling any other step is a fault of the test's subject. */
export const onlySteps = (steps: Partial<Steps>): Steps =>
  new Proxy(steps, {
    get: (given, name) => given[name as keyof Steps] ?? (() => Promise.reject(new Error(`${String(name)} was called`))),
  }) as Steps;

/** One and the same step for every kind of work. */
export const everyStep = (step: (work: Work, kind: WorkKind) => Promise<Worked>): Pick<Steps, WorkKind> =>
  Object.fromEntries(WorkKind.options.map((kind) => [kind, (work: Work) => step(work, kind)])) as Pick<Steps, WorkKind>;
