// What a door says of a submission beside its content.

/** Given as `Arrival.key` when a caller sent no key of its own: the step then takes a keyed digest of the body instead. */
export const BODY_KEY = "body";
