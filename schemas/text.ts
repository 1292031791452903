// Text and dates from outside: bounded, without the characters that a store or a screen cannot carry.
import { z } from "zod";

/** True when PostgreSQL can store the text: no NUL and no half of a surrogate pair. */
export const storable = (value: string): boolean => !value.includes("\u0000") && value.isWellFormed();

/** Trimmed text of at most `limit` characters, never empty. */
export const text = (limit: number) => z.string().trim().min(1).max(limit).refine(storable, { error: "invalid" });

/** A calendar day that exists, `YYYY-MM-DD` (ISO 8601). */
export const PlainDate = z.iso.date();
export type PlainDate = z.infer<typeof PlainDate>;

/** A moment with its offset, to any precision (FHIR instant, RFC 3339). */
export const Instant = z.iso.datetime({ offset: true });
