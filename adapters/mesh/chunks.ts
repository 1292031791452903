// A message as MESH takes it: whole where it fits, else compressed, else cut and each piece compressed by itself.
import { gzipSync } from "node:zlib";

export type Parcelled = { encoding?: "gzip"; chunks: [Uint8Array, ...Uint8Array[]] };

/** What gzip adds to bytes that do not shrink: its frame, and five bytes for each block of at least 16 kB. */
const spare = (limit: number): number => 64 + Math.ceil(limit / 1_000);

export const cut = (body: Uint8Array, limit: number): Parcelled => {
  if (body.length <= limit) return { chunks: [body] };
  const whole = gzipSync(body);
  if (whole.length <= limit) return { encoding: "gzip", chunks: [whole] };
  // The uncompressed message is cut, never the compressed one.
  const size = Math.max(1, limit - spare(limit));
  const [first = body, ...rest] = Array.from({ length: Math.ceil(body.length / size) }, (_, at) =>
    gzipSync(body.subarray(at * size, (at + 1) * size)),
  );
  return { encoding: "gzip", chunks: [first, ...rest] };
};
