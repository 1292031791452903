// Settings from the environment, once, at the start. A secret may stand in a file; faults name settings, never values.
import { readFileSync } from "node:fs";
import { Config, FROM_FILE, KeyRing } from "../schemas/config.ts";

type Env = Readonly<Record<string, string | undefined>>;
export type ConfigRead = { ok: true; config: Config } | { ok: false; faults: string[] };

type Gathered = { values: Record<string, string>; faults: string[] };

/** Without a server to keep it the store is in this process. */
export const isEmbedded = (config: Config): boolean => config.DATABASE_URL === undefined;

/** Compose files and shells pass a setting that nobody gave as an empty one. */
const given = (env: Env): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => {
      const trimmed = value?.trim() ?? "";
      return trimmed === "" ? [] : [[name, trimmed]];
    }),
  );

/** A setting whose file is at fault becomes empty: given, so that it is not also called missing. */
const fromFiles = (env: Record<string, string>): Gathered => {
  const values = { ...env };
  const faults: string[] = [];
  for (const name of FROM_FILE) {
    const file = env[`${name}_FILE`];
    if (file === undefined) continue;
    if (env[name] !== undefined) {
      faults.push(`${name}: give it as ${name} or as ${name}_FILE, not both`);
      values[name] = "";
      continue;
    }
    try {
      const content = readFileSync(file, "utf8").trim();
      if (content === "") faults.push(`${name}_FILE: the file is empty`);
      values[name] = content;
    } catch (error) {
      values[name] = "";
      const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
      faults.push(`${name}_FILE: the file cannot be read${code}`);
    }
  }
  return { values, faults };
};

const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const ringFaults = (text: string | undefined): string[] => {
  if (text === undefined || text === "") return [];
  const value = json(text);
  if (value === undefined) return ["WAYMARK_KEYS: must be JSON"];
  const parsed = KeyRing.safeParse(value);
  return (parsed.error?.issues ?? []).map((one) => {
    // Of the ring's own names only the first is told: the rest may be a secret in the wrong place.
    const words = one.code === "unrecognized_keys" ? "holds a field that we do not know" : one.message;
    return `WAYMARK_KEYS: ${[one.path.slice(0, 1).join(""), words].filter((part) => part !== "").join(" ")}`;
  });
};

/** All faults at once, or the settings. This is the one place that looks at the environment. */
export const readConfig = (env: Env = process.env): ConfigRead => {
  const { values, faults } = fromFiles(given(env));
  const parsed = Config.safeParse(values);
  // A setting whose file failed is already named: it is not also called missing.
  const named = (name: string): boolean =>
    faults.some((one) => one.startsWith(`${name}:`) || one.startsWith(`${name}_FILE:`));
  const wrong = (parsed.error?.issues ?? []).flatMap((one) => {
    const [name, ...inside] = one.path.map(String);
    if (name !== undefined && named(name)) return [];
    return [`${[name, ...inside.map((at) => `[${at}]`)].join("")}: ${one.message}`];
  });
  const all = [...faults, ...wrong, ...ringFaults(values["WAYMARK_KEYS"])];
  return parsed.success && all.length === 0 ? { ok: true, config: parsed.data } : { ok: false, faults: all };
};

const OF_SERVERS = new Set(["DATABASE_URL", "REDIS_URL", "WAYMARK_ROLE", "WAYMARK_KEYS"]);

/** For a trial on embedded engines, whatever servers the environment names. `defaults` give way to the environment. */
export const readTrialConfig = (defaults: Env, env: Env = process.env): ConfigRead => {
  const kept = Object.entries(env).filter(([name]) => !OF_SERVERS.has(name.replace(/_FILE$/, "")));
  return readConfig({ ...defaults, ...Object.fromEntries(kept) });
};
