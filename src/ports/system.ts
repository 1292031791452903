// The few small interfaces that steps and views need, one subject a file: here time, names and chance.
/** Time comes from the store's own clock in production, so that every process agrees. */
export type Clock = { now(): Date };

export type Ids = {
  /** UUIDv7 (RFC 9562, section 5.7): sorts by time. */
  uuid(): string;
  /** Uniform random bytes from the operating system. */
  bytes(count: number): Buffer;
  /** A number in [0, 1), for jitter only. */
  chance(): number;
};

/** Keyed digests (HMAC-SHA-256, base64url). A purpose separates the key, so that digests of two purposes never meet. */
export type Digest = (
  purpose:
    | "body"
    | "key"
    | "input"
    | "consent"
    | "capacity"
    | "nhs-number"
    | "nino"
    | "name-birth"
    | "postcode-birth"
    | "api-key"
    | "link"
    | "code"
    | "session"
    | "form"
    | "ask"
    | "ask-visit"
    | "journal"
    | "audit",
  value: string | Uint8Array,
) => string;
