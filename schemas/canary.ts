// The canary: a made-up referral from a made-up referrer to a made-up provider. By these names it is known and left out.

/** The organisation of both ends, and the id of its one programme. Nobody may be registered under it. */
export const CANARY = "waymark-canary";

/** Its referrals are those from here on: no time of day will give such an id for eight thousand years. */
export const CANARY_FROM = "ffffffff-0000-0000-0000-000000000000";
