import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/engines-setup.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // What is waited for comes, or never comes: how long it may take is no rule of ours, and busy machines are slow.
    expect: { poll: { timeout: 45_000, interval: 50 } },
  },
});
