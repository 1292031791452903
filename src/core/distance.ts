// How far apart two points are, the shortest way over the ground.
import type { Point } from "../../schemas/place.ts";

const EARTH_KM = 6371;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** The haversine formula. */
export const kmBetween = (a: Point, b: Point): number => {
  const lat = Math.sin(radians(b.lat - a.lat) / 2) ** 2;
  const lon = Math.sin(radians(b.lon - a.lon) / 2) ** 2;
  const part = lat + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * lon;
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(part)));
};
