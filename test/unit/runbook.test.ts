// Every alert has its entry in the runbook, every entry its alert, and both say who is woken.
import { expect, it } from "vitest";
import { AlertCode, ALERTS } from "../../schemas/alert.ts";
import { textOf } from "./docs/markdown.ts";

const entries = textOf("docs/runbook.md")
  .split(/^## /m)
  .slice(1)
  .map((entry) => ({ code: entry.split("\n", 1)[0] ?? "", text: entry }));

it("has an entry for each alert, and none that is no alert", () => {
  expect(entries.map(({ code }) => code).toSorted()).toEqual(AlertCode.options.toSorted());
});

it.each(entries)("$code: says what it means, where to look, what to do and whom to wake", ({ code, text }) => {
  expect(text).toContain(`Wakes: \`${ALERTS[code as AlertCode].wakes}\`.`);
  for (const part of ["Means", "Look", "Do", "Wake"]) expect(text).toMatch(new RegExp(`^\\*\\*${part}[.*]`, "m"));
});

it("names verbs and settings that there are", () => {
  const operations = textOf("docs/operations.md");
  const named = [
    ...textOf("docs/runbook.md").matchAll(/`(?:waymark )?((?:clients|packs|dead-letters) [a-z-]+|[A-Z]+_[A-Z_]+)/g),
  ];
  expect(named.length).toBeGreaterThan(8);
  const missing = named.filter(
    ([, name = ""]) => !operations.includes(name) && !operations.includes(name.split(" ")[1] ?? name),
  );
  expect(missing.map(([, name]) => name)).toEqual([]);
});
