// Which rules look at health: what they say is never shown to a Jobcentre.
import type { Test } from "../../schemas/rule.ts";

const HEALTH = /"(longTermCondition|disability)":/;

/** Whether a test looks at health anywhere inside it. */
export const readsHealth = (test: Test): boolean => HEALTH.test(JSON.stringify(test));
