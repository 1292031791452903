// An alert by e-mail, through a mail server that need not be the one of the letters.
import { ALERTS } from "../../schemas/alert.ts";
import type { Means } from "../../src/ports/on-call.ts";
import type { Letters } from "../../src/ports/outward.ts";
import { hostOf } from "./host.ts";

type Options = { url: string; to: readonly string[]; letters: Pick<Letters, "send"> };

/** Taken for one of them is taken: the others' servers may be what failed. */
export const createAlertMail = ({ url, to, letters }: Options): Means => ({
  name: "email",
  host: hostOf(url),
  async tell({ id, what, alert: { code } }, { subject, text }) {
    const urgent = what !== "ends" && ALERTS[code].wakes === "now" ? "Urgent: " : "";
    const values = { subject: `${urgent}${subject}`, text };
    const outcomes = await Promise.all(
      to.map((address, at) => letters.send({ id: `${id}-${at}`, template: "alert", values }, { by: "email", address })),
    );
    const [first] = outcomes.flatMap((one) => (one.kind === "accepted" ? [] : one.cause));
    return outcomes.some(({ kind }) => kind === "accepted") ? undefined : (first ?? "no-address");
  },
});
