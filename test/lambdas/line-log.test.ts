import { afterEach, expect, test, vi } from 'vitest';
import { lineLog } from '../../lambdas/line-log.ts';
import { parseLogLine } from '../../lib/core/run/log-line.ts';

afterEach(() => vi.restoreAllMocks());

test('a process on AWS writes the same lines at once; a container knows its run before its attempt', () => {
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const log = lineLog('shop/2026-11-20-r2');
  log.tell('info', 'early');
  log.opens({ feed: 'shop', date: '2026-11-20', revision: 2 }, 4);
  log.enters('pull');
  log.tell('error', 'late');
  const lines = written.mock.calls.map(([text]) => parseLogLine(String(text)));
  written.mockRestore();
  expect(lines).toMatchObject([
    { feed: 'shop', run: 'shop/2026-11-20-r2', step: null, attempt: null, level: 'info', message: 'early' },
    { feed: 'shop', run: 'shop/2026-11-20-r2', step: 'pull', attempt: 4, level: 'error', message: 'late' },
  ]);
});
