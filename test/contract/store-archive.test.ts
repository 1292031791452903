// Packs and directories as they were: kept once, read by digest, and never changed.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadRulebook } from "../../adapters/directory/packs.ts";
import type { Bodies } from "../../src/ports/rulebook.ts";
import { aDirectory, aProgramme } from "../builders/rules.ts";
import { aHome, type Home } from "../builders/store.ts";
import { engines } from "../engines.ts";

const london = (): Bodies => {
  const loaded = loadRulebook("packs/london");
  if (!loaded.ok) throw new Error("the sample packs do not hold");
  return loaded.rulebook.bodies();
};

describe.each(engines())("the archive on $name", (on) => {
  let home: Home;
  beforeAll(async () => void (home = await aHome(on)));
  afterAll(() => home.close());

  it("keeps what is loaded once, and gives it back as it was", async () => {
    const { archive } = home.store;
    const bodies = london();
    expect(await archive.keep(bodies)).toBe(bodies.packs.length + 1);
    expect(await archive.keep(bodies)).toBe(0);
    for (const { programme, digest } of bodies.packs) expect(await archive.pack(digest)).toEqual(programme);
    const { directory, digest } = bodies.directory;
    expect(await archive.directory(digest)).toEqual(directory);

    const more = { ...bodies, packs: [...bodies.packs, { programme: aProgramme({ version: 7 }), digest: "seven" }] };
    expect(await archive.keep(more)).toBe(1);
    expect(await home.sql("SELECT programme, version FROM waymark.pack_body WHERE digest = 'seven'")).toEqual([
      { programme: "coaching", version: 7 },
    ]);
  });

  it("gives nothing for a digest that was never kept, and nothing that was altered", async () => {
    const { archive } = home.store;
    expect(await archive.pack("nothing")).toBeUndefined();
    expect(await archive.directory("nothing")).toBeUndefined();
    // A digest that is not that of the body: as if somebody had written over it.
    await archive.keep({
      packs: [{ programme: aProgramme(), digest: "wrong-pack" }],
      directory: { directory: aDirectory(), digest: "wrong-directory" },
    });
    expect(await archive.pack("wrong-pack")).toBeUndefined();
    expect(await archive.directory("wrong-directory")).toBeUndefined();
  });

  it("lets nobody change or remove one", async () => {
    for (const change of ["UPDATE waymark.pack_body SET body = ''", "DELETE FROM waymark.directory_body"])
      await expect(home.engine.transaction("worker", (query) => query(change))).rejects.toThrow(/permission denied/);
  });
});
