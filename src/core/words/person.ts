// The same decision in the words of the person it is about: what came of it, why, and what they can do.
import type { Receipt } from "../../../schemas/receipt.ts";
import type { ReasonCode } from "../../../schemas/reason.ts";

export const TOLD: Record<Receipt["outcome"], string> = {
  offered: "We have asked a local service to help you.",
  held: "We cannot ask a service yet.",
  unmet: "No local service can help you with this just now. We keep your need on record.",
};

export const WHY: Partial<Record<ReasonCode, string>> = {
  "emergency-route": "A person of ours looks at this now. If your life is at risk, call 999.",
  "out-of-band": "A person of ours will look at this first.",
  recommended: "Someone who knows the service must look at this first.",
  "choice-needed": "More than one service fits. You can choose.",
  "need-unknown": "We do not know what help you need.",
  "area-unknown": "We do not know where you live.",
  "fact-unknown": "We do not know all that the rules ask.",
  "consent-missing": "You have not yet said that we may share your details.",
  "consent-refused": "You said no to sharing your details.",
  "consent-withdrawn": "You took back your yes to sharing your details.",
  "consent-expired": "Your yes to sharing your details has run out.",
  "take-part-missing": "You have not yet said that you want to take part.",
  "authority-not-england": "You chose a council outside England. Ask its housing team yourself.",
  "not-eligible": "The rules of the services here do not fit your case.",
  "no-service": "No service here gives this help.",
  "no-place": "Each service that fits is full.",
  "no-course": "No course that fits can be joined now.",
  "all-declined": "Each service that fits has said no.",
};

/** Whatever came of it. */
export const ALWAYS = "You can ask a person to look at this again.";
