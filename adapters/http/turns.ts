// Messages that are here whole are read a few at a time. Read one after the other, with nothing between them, each costs a
// third less; and between two turns the loop hears what the store has answered and who else has come.
import type { RequestHandler, Response } from "express";

/** What is read in one turn: 20 messages of 13 kB take about as many milliseconds, and nobody else is heard meanwhile. */
const MOST = 20;
const MOST_BYTES = 262_144;

export type TurnSize = {
  /** Messages in one turn. */
  most?: number;
  /** Bytes in one turn; a larger message has a turn of its own. */
  mostBytes?: number;
};

/** Calls `go` in a turn of the event loop, in the order of asking. `bytes`: the size of what it reads. */
export type Turns = (bytes: number, go: () => void) => void;

type Waiting = { bytes: number; go: () => void };

export const createTurns = ({ most = MOST, mostBytes = MOST_BYTES }: TurnSize = {}): Turns => {
  const line: Waiting[] = [];

  /** How many of the line fit into one turn: at least one. */
  const fitting = (): number => {
    let bytes = 0;
    let count = 0;
    for (const one of line) {
      bytes += one.bytes;
      if (count === most || (count > 0 && bytes > mostBytes)) break;
      count += 1;
    }
    return count;
  };

  const turn = (): void => {
    const now = line.splice(0, fitting());
    if (line.length > 0) setImmediate(turn);
    for (const one of now) one.go();
  };

  return (bytes, go) => {
    line.push({ bytes, go });
    if (line.length === 1) setImmediate(turn);
  };
};

/** First in an app: what its routers read, they read in these turns. */
export const takesTurns =
  (turns: Turns): RequestHandler =>
  (_req, res, next) => {
    res.locals["turns"] = turns;
    next();
  };

/** Goes on when it is this request's turn; at once where nobody takes turns. */
export const whenItsTurn = (res: Response, bytes: number, go: () => void): void => {
  const turns = res.locals["turns"] as Turns | undefined;
  if (turns === undefined) go();
  else turns(bytes, go);
};
