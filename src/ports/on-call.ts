// What the person on call is told, and what is looked at for it.
import type { Alert, AlertCodes, AlertWords, Stand, Telling } from "../../schemas/alert.ts";
import type { Inside, Sight } from "../../schemas/sight.ts";

export type Lookout = {
  look(): Promise<Sight>;
  /** Destinations that answered, each when: kept for those that failed. */
  reached(answers: ReadonlyMap<string, Date>): Promise<void>;
};

/** How this process does, asked at each look. */
export type Innards = { look(): Promise<Inside>; reached(): ReadonlyMap<string, Date> };

export type Alerts = {
  /** Writes down what stands, and ends what nobody has seen for `goneMs`. */
  see(stands: readonly Stand[], goneMs: number): Promise<void>;
  /** One UPDATE: each telling that is due is given to one caller. `repeatMs`: how long until people hear of it again. */
  claim(repeatMs: number): Promise<Telling[]>;
  /** It was told: it is not told again before its time, and goes if it is over. */
  told(telling: Telling): Promise<void>;
  /** It was not told by anybody: it may be tried again after this. */
  failed(telling: Telling, again: Date): Promise<void>;
  list(): Promise<Alert[]>;
};

/** How people are told. `host`: the machine that it goes through, so that no alert takes the path of which it speaks. */
export type Means = {
  name: "webhook" | "email";
  host: string;
  /** Why it did not go; undefined when it did. */
  tell(telling: Telling, words: AlertWords): Promise<string | undefined>;
};

/** The hosts on the way to what an alert is about, and what people call it. */
export type WayTo = (codes: AlertCodes) => Promise<{ hosts: readonly string[]; name?: string }>;
