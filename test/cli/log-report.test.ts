import { expect, test, vi } from 'vitest';
import { reportLog, reportStackLog } from '../../bin/cli/output/log-report.ts';
import { Output } from '../../bin/cli/output/output.ts';

function printed(report: (output: Output) => number): string {
  const output = new Output({ json: false });
  const lines: string[] = [];
  vi.spyOn(output, 'print').mockImplementation((line = '') => void lines.push(line));
  expect(report(output)).toBe(0);
  return lines.join('\n');
}

test('a line of the log is a line of text, and what is missing is said', () => {
  const line = {
    time: '2026-11-20T02:00:07.412Z',
    level: 'info' as const,
    feed: 'shop',
    run: 'shop/2026-11-20',
    step: 'pull',
    attempt: 1,
    host: 'vm1',
    message: 'pull ends: pulled',
    fields: {},
  };
  const found = { run: line.run, lines: [line], left_out: 3 };
  expect(printed((output) => reportLog(output, found))).toBe(
    'The log begins later: 3 older parts are not shown.\n2026-11-20 02:00:07  info    1  pull     pull ends: pulled',
  );
  expect(printed((output) => reportLog(output, { ...found, lines: [], left_out: 0 }))).toContain('no line');
});

test('of a pipeline on AWS the log groups of its stack are named', () => {
  const text = printed((output) => reportStackLog(output, 'prod-web-shop', 'web-shop/2026-11-20'));
  expect(text).toContain('nightfeed-prod-Pipeline-web-shop');
  expect(text).toContain('filter run = "web-shop/2026-11-20"');
});
