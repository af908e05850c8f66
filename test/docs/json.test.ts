import { readFileSync } from 'node:fs';
import { expect, expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import { jsonPage } from '../../docs/json.ts';
import type { error, finding, listedRun, releasedTable, runDetail, tableSummary } from '../../docs/json-answers.ts';
import type { Finding } from '../../lib/core/guards/finding.ts';
import type { ErrorReport } from '../../lib/core/run/message.ts';
import type { TableSummary } from '../../lib/core/run/night-result.ts';
import type { ReleasedTable } from '../../lib/core/run/release-counts.ts';
import type { RunDetail } from '../../lib/workflows/run-detail.ts';
import type { ListedRun } from '../../lib/workflows/runs.ts';

test('docs/json.md is what the schemas say; `npm run docs` writes it', () => {
  expect(readFileSync(new URL('../../docs/json.md', import.meta.url), 'utf8')).toBe(jsonPage());
});

test('the page has every field that the code answers with', () => {
  type Fields<Schema extends z.ZodType> = keyof z.infer<Schema>;
  expectTypeOf<Fields<typeof tableSummary>>().toEqualTypeOf<keyof TableSummary>();
  expectTypeOf<Fields<typeof finding>>().toEqualTypeOf<keyof Finding>();
  expectTypeOf<Fields<typeof error>>().toEqualTypeOf<keyof ErrorReport>();
  expectTypeOf<Fields<typeof listedRun>>().toEqualTypeOf<keyof ListedRun>();
  expectTypeOf<Fields<typeof runDetail>>().toEqualTypeOf<keyof RunDetail>();
  expectTypeOf<Fields<typeof releasedTable>>().toEqualTypeOf<Exclude<keyof ReleasedTable, 'object'>>();
});
