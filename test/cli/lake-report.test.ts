import { expect, test } from 'vitest';
import { reportLake } from '../../bin/cli/output/lake-report.ts';
import { Output } from '../../bin/cli/output/output.ts';

const sized = (objects: number, bytes: number) => ({ objects, bytes });

/** Output that keeps what would stand on a terminal of 80 columns. */
class Paper extends Output {
  readonly lines: string[] = [];

  override get room(): number {
    return 80;
  }

  override print(line = ''): void {
    this.lines.push(line);
  }
}

test('the sizes of a lake fit 80 columns', () => {
  const output = new Paper({ json: false });
  reportLake(output, {
    lake: 's3://lake',
    feeds: [
      {
        feed: 'shop',
        zones: [
          { zone: 'landing', ...sized(1_234_567, 812e9), grown: 75e9, oldest: '2026-01-02T03:00:00.000Z' },
          { zone: 'raw', ...sized(0, 0), grown: 0, oldest: null },
          { zone: 'changes', ...sized(4_000, 3e9), grown: 1e9, oldest: '2026-01-02T03:00:00.000Z' },
        ],
        unnamed: sized(12, 640e6),
        freed: {
          zones: [{ zone: 'landing', days: 30, ...sized(1_000_000, 700e9) }],
          needed: [{ need: 'quarantine', ...sized(40, 20e9) }],
        },
      },
    ],
  });
  expect(Math.max(...output.lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(output.lines.join('\n')).toMatchInlineSnapshot(`
    "The lake in s3://lake

    shop
      zone          size  in 30 days    objects  since
      landing     812 GB    +75.0 GB  1,234,567  2026-01-02
      changes     3.0 GB     +1.0 GB      4,000  2026-01-02
      of these   640 MB         12  nothing names them: lost attempts left them
      landing    700 GB  1,000,000  would go: older than 30 days
      stays     20.0 GB         40  as old, but rows in quarantine can still be
                                    released"
  `);
});
