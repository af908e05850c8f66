import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts', 'test/support/aws-setup.ts'],
    // Much of a test's time is a server's, an engine's or a time-out's: one file at a time leaves a small machine idle.
    maxWorkers: Math.max(2, availableParallelism()),
    // The longest take half of it on two cores: what is reached hangs.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
