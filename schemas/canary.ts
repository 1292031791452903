// The canary: a made-up referral from a made-up referrer to a made-up provider. By these names it is known and left out.

/** The organisation of both ends, and the id of its one programme. Nobody may be registered under it. */
export const CANARY = "waymark-canary";

/** Its referrals are those from here on: no time of day will give such an id for eight thousand years. */
export const CANARY_FROM = "ffffffff-0000-0000-0000-000000000000";

/** The ends are no rows of the register: they are built in. */
export const CANARY_REFERRER = "ffffffff-0000-7000-8000-000000000001";
export const CANARY_PROVIDER = "ffffffff-0000-7000-8000-000000000002";

export const isCanary = (referral: string): boolean => referral >= CANARY_FROM;
