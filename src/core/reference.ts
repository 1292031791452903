// The short reference that people read out: WM-XXXX-XXXC. Its last character catches every mistyped character
// and every two that changed places (a weighted sum modulo 31, a prime above the 30 letters, needs no table).
import { Reference } from "../../schemas/ids.ts";

const LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
const PRIME = 31;
const PAYLOAD = 7;
const ROOM = BigInt(LETTERS.length) ** BigInt(PAYLOAD);

const weighted = (digits: readonly number[]): number =>
  digits.reduce((sum, digit, at) => (sum + (at + 2) * digit) % PRIME, 0);

const digitsOf = (value: bigint): number[] => {
  const digits: number[] = [];
  for (let rest = value, at = 0; at < PAYLOAD; at += 1) {
    digits.unshift(Number(rest % BigInt(LETTERS.length)));
    rest /= BigInt(LETTERS.length);
  }
  return digits;
};

const lettersOf = (digits: readonly number[]): string => digits.map((digit) => LETTERS.charAt(digit)).join("");

/** The check digit weighs 1; it is 30 for one payload in 31, which has no letter, and is therefore passed over. */
const checkOf = (digits: readonly number[]): number => (PRIME - weighted(digits)) % PRIME;

/** A reference from random bytes (eight or more make it even). The same bytes give the same reference. */
export const referenceFrom = (bytes: Uint8Array): Reference => {
  let value = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n) % ROOM;
  let digits = digitsOf(value);
  while (checkOf(digits) >= LETTERS.length) {
    value = (value + 1n) % ROOM;
    digits = digitsOf(value);
  }
  const text = lettersOf([...digits, checkOf(digits)]);
  return `WM-${text.slice(0, 4)}-${text.slice(4)}`;
};

/** True when the text has the form of a reference and its check character holds. */
export const referenceHolds = (text: string): boolean => {
  if (!Reference.safeParse(text).success) return false;
  const digits = [...text.slice(3).replace("-", "")].map((letter) => LETTERS.indexOf(letter));
  return (weighted(digits.slice(0, PAYLOAD)) + (digits[PAYLOAD] ?? 0)) % PRIME === 0;
};
