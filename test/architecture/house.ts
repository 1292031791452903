// HOUSE as data: which room a file stands in, and what each room may import.

export type Room =
  | "schemas"
  | "core"
  | "ports"
  | "steps"
  | "views"
  | "jobs"
  | "cli"
  | "composition"
  | "demo"
  | "queues"
  | "test"
  | `adapters/${string}`;

type Grant = {
  /** Rooms whose files it may import, beside those named in `own`. */
  rooms: readonly Room[];
  /** Whether files of this room (for adapters: of this folder) may import one another. */
  own: boolean;
  /** Packages and built-in modules; "any" means any that is not kept for another room in KEPT. */
  packages: "any" | readonly string[];
};

export const TABLE: Record<Exclude<Room, `adapters/${string}`> | "adapters", Grant> = {
  schemas: { rooms: [], own: true, packages: ["zod", "postcode", "nhs-number-validator"] },
  core: { rooms: ["schemas"], own: true, packages: ["luxon", "node:crypto"] },
  ports: { rooms: ["schemas"], own: true, packages: [] },
  steps: { rooms: ["schemas", "core", "ports"], own: false, packages: [] },
  views: { rooms: ["schemas", "core", "ports"], own: false, packages: [] },
  jobs: { rooms: ["schemas", "core", "ports", "views"], own: true, packages: "any" },
  cli: { rooms: ["schemas", "core", "ports", "views"], own: true, packages: "any" },
  adapters: {
    rooms: ["schemas", "core", "ports", "adapters/http", "adapters/outbound"],
    own: true,
    packages: "any",
  },
  queues: { rooms: ["schemas", "core", "ports"], own: true, packages: "any" },
  composition: {
    rooms: ["schemas", "core", "ports", "steps", "views", "jobs", "cli", "queues", "adapters/*"],
    own: true,
    packages: "any",
  },
  demo: {
    rooms: ["schemas", "core", "ports", "steps", "views", "jobs", "cli", "queues", "adapters/*", "composition", "test"],
    own: true,
    packages: "any",
  },
  test: {
    rooms: ["schemas", "core", "ports", "steps", "views", "jobs", "cli", "queues", "adapters/*", "composition", "demo"],
    own: true,
    packages: "any",
  },
};

/** Technologies that have one room: another that needs them goes through it. Composition may take anything. */
export const KEPT: Record<string, readonly Room[]> = {
  bullmq: ["queues"],
  ioredis: ["queues"],
  pg: ["adapters/postgres"],
  "@electric-sql/pglite": ["adapters/postgres"],
  express: ["adapters/*"],
  undici: ["adapters/outbound"],
  opossum: ["adapters/outbound"],
  commander: ["cli"],
};

/** Files that join the rooms. They may import everything but test. */
const COMPOSITION = /^src\/[^/]+\.ts$/;

export const roomOf = (path: string): Room => {
  const [first, second] = path.split("/");
  if (first === "schemas" || first === "queues" || first === "test") return first;
  if (first === "adapters") return `adapters/${second?.endsWith(".ts") ? "" : second}`;
  if (path.startsWith("src/ports/")) return "ports";
  if (path === "src/demo.ts") return "demo";
  if (COMPOSITION.test(path)) return "composition";
  if (second === "core" || second === "steps" || second === "views" || second === "jobs" || second === "cli")
    return second;
  throw new Error(`${path} stands in no room of the house`);
};

export const grantOf = (room: Room): Grant => {
  const kind = room.startsWith("adapters/") ? "adapters" : (room as keyof typeof TABLE);
  return TABLE[kind];
};

export const covers = (rooms: readonly Room[], room: Room): boolean =>
  rooms.includes(room) || (room.startsWith("adapters/") && rooms.includes("adapters/*"));
