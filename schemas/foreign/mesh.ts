// What NHS MESH answers (MESH REST API 2.0.0), and the one document that a provider sends us through it.
import { z } from "zod";

/** Becomes part of a path: nothing else than these letters may stand in it. */
export const MeshId = z.string().regex(/^[A-Za-z0-9_-]{1,100}$/);
export const Mailbox = z.string().regex(/^[A-Z0-9]{6,50}$/);

/** `Send message`: the one proof that MESH has it. */
export const Sent = z.object({ message_id: MeshId });

const Code = z.string().max(60).nullish();
/** `Track outbox`: by message identifier in version 2's words, by local identifier in version 1's. */
export const Tracked = z
  .object({
    message_id: MeshId.nullish(),
    messageId: MeshId.nullish(),
    status: z.string().max(60),
    status_code: Code,
    statusCode: Code,
  })
  .transform((value) => ({
    messageId: value.message_id ?? value.messageId ?? undefined,
    status: value.status.toLowerCase(),
    code: value.status_code ?? value.statusCode ?? undefined,
  }));

/** `Check an inbox`. */
export const Inbox = z.object({ messages: z.array(z.string().max(200)).max(5_000) });

/** An error in version 2's words; version 1 has `errorCode` at the top. */
export const MeshFault = z.object({
  errorCode: Code,
  detail: z.array(z.object({ code: Code })).nullish(),
});

/** A provider's answer: what it says of one offer. The rest of the document is as `Answer` has it. */
export const AnswerHead = z.looseObject({ type: z.literal("offer.answer"), offer: z.guid() });
