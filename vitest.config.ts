import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Takes minutes, or needs what a machine with nothing but Node lacks: Python (for AWS's emulators), Debian's servers, Java. */
const LONG = 'test/**/*.{long,aws,servers,python,spark}.test.ts';

/** Takes a quarter of an hour, and runs in the full ring alone. */
const FULL = 'test/**/*.full.*.test.ts';

/** Has cases for Spark or PostgreSQL 15 too, which only such a machine lacks. */
const VARIANTS = 'test/**/*.{engines,postgres}.test.ts';

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts', 'test/support/aws-setup.ts'],
    reporters: ['default', './test/support/last-line.ts'],
    // Much of a test's time is a server's, an engine's or a time-out's: one file at a time leaves a small machine idle.
    maxWorkers: Math.max(2, availableParallelism()),
    // Six times what the longest takes on two cores: what reaches it hangs, also beside another load.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    projects: [
      {
        extends: true,
        test: { name: 'quick', include: ['test/**/*.test.ts'], exclude: [LONG], provide: { variants: 'node alone' } },
      },
      { extends: true, test: { name: 'variants', include: [VARIANTS], provide: { variants: 'the others' } } },
      {
        extends: true,
        test: {
          name: 'long',
          include: [LONG],
          exclude: process.env.FULL === undefined ? [FULL] : [],
          provide: { variants: 'all' },
        },
      },
    ],
  },
});
