// The frame of pages: what a browser is told, what other sites may not start, and how faults look to a person.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MIGRATIONS, packageRoot } from "../../adapters/postgres/migrate.ts";
import { createFrame } from "../../adapters/web/frame.ts";
import { startHarness, type Harness } from "./http-harness.ts";

describe("pages", () => {
  let harness: Harness;
  let changes = 0;
  beforeAll(async () => {
    const frame = createFrame(packageRoot());
    const router = frame.router();
    router.get("/", (_req, res) =>
      frame.page(res, "fault", { title: "A <b>title</b>", words: ["<script>x</script>"] }),
    );
    router.post("/", (_req, res) => {
      changes += 1;
      res.status(204).end();
    });
    router.get("/broken", () => {
      throw new Error("as told");
    });
    harness = await startHarness({
      pages: [
        { path: "/assets", router: frame.assets },
        { path: "/shown", router },
      ],
    });
  });
  afterAll(() => harness.close());
  const get = (path: string) => fetch(`${harness.origin}${path}`);

  it("are HTML in a named language that no cache keeps and nothing runs in", async () => {
    const reply = await get("/shown");
    expect(reply.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(reply.headers.get("content-language")).toBe("en");
    expect(reply.headers.get("cache-control")).toBe("no-store");
    expect(reply.headers.get("referrer-policy")).toBe("same-origin");
    expect(reply.headers.get("content-security-policy")).toBe(
      "default-src 'none';style-src 'self';img-src data:;form-action 'self';base-uri 'none';frame-ancestors 'none'",
    );
    const html = await reply.text();
    expect(html).toContain('<html lang="en"');
    expect(html).not.toContain("<script");
    expect(html).toContain("&lt;script&gt;");
  });

  it("load one style sheet, ours, without a typeface that is not for us, and browsers keep it", async () => {
    const html = await (await get("/shown")).text();
    const loaded = [...html.matchAll(/(?:href|src)="(?!data:|#)([^"]+)"/g)].map(([, address]) => address);
    expect(loaded).toHaveLength(1);
    const styles = await get(loaded[0] ?? "");
    expect(styles.headers.get("content-type")).toBe("text/css; charset=utf-8");
    expect(styles.headers.get("cache-control")).toContain("immutable");
    const css = await styles.text();
    expect(css).toContain(".govuk-button");
    expect(css).toContain(".waymark-header");
    expect(css).not.toMatch(/@font-face|GDS Transport|sourceMappingURL/);
  });

  it.each([
    ["our own form", { "sec-fetch-site": "same-origin" }, 204],
    ["another site's form", { "sec-fetch-site": "cross-site" }, 403],
    ["a sister site's form", { "sec-fetch-site": "same-site" }, 403],
    ["an older browser with our form", { origin: "own" }, 204],
    ["an older browser with another's form", { origin: "https://evil.example" }, 403],
    ["a hidden origin", { origin: "null" }, 403],
  ])("take a change from %s or not", async (_who, { origin, ...rest }: Record<string, string>, status) => {
    const before = changes;
    const headers = { ...rest, ...(origin && { origin: origin === "own" ? harness.origin : origin }) };
    const reply = await fetch(`${harness.origin}/shown`, { method: "POST", headers });
    expect(reply.status).toBe(status);
    expect(changes - before).toBe(status === 204 ? 1 : 0);
  });

  it.each([
    ["/shown/nothing", 404, "not here"],
    ["/shown/broken", 500, "on our side"],
  ])("say what is wrong as a page: %s", async (path, status, words) => {
    const reply = await get(path);
    expect(reply.status).toBe(status);
    expect(reply.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const html = await reply.text();
    expect(html).toContain(words);
    expect(html).not.toMatch(/as told|\bat \//);
  });

  it("are found from the package's root, as the migrations are", () => {
    expect(MIGRATIONS.startsWith(packageRoot())).toBe(true);
    expect(() => createFrame("/nowhere")).toThrow(/waymark\.css/);
  });
});
