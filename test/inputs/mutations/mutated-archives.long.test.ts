import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isFull } from '../../support/full.ts';
import { tableOf } from '../../support/nights/input-case.ts';
import { IntakeLab } from '../../support/nights/intake-lab.ts';
import { tar } from '../../support/vendors/tar.ts';
import { zip } from '../../support/vendors/zip.ts';
import { byteFault, withFault } from '../cases/byte-fault.ts';

let lab: IntakeLab;
beforeAll(async () => {
  lab = await IntakeLab.open();
});
afterAll(() => lab.close());

const NIGHTS = isFull ? 200 : 12;
const columns = { id: { type: 'bigint', key: true }, name: 'text' };
const guards = { min_rows: 0, gone: '100%', updated: '100%', rejected: '100%', rows: ['-100%', '+100000%'] };

const lines = (from: number) => Array.from({ length: 6 }, (_, index) => `${from + index},name ${from + index}\n`);
const members = [
  { name: 'out/t1.csv', bytes: `id,name\n${lines(1).join('')}` },
  { name: 'README', bytes: 'about the members\n' },
  { name: 'out/t2.csv', bytes: `id,name\n${lines(7).join('')}` },
];

/** An archive whose contents have checksums brings the vendor's rows, or none; one without brings only lines that stand in it. */
test.each<[about: string, name: string, good: Buffer, isSummed: boolean]>([
  ['a zip', 't.zip', zip(members.map((member) => ({ ...member, stored: true }))), true],
  ['a zip of a writer that streams', 't.zip', zip(members.map((member) => ({ ...member, streamed: true }))), true],
  ['a tar in gzip', 't.tar.gz', gzipSync(tar(members)), true],
  ['a tar', 't.tar', tar(members), false],
])(
  'one fault in the bytes of %s',
  async (_about, name, good, isSummed) => {
    const table = tableOf(columns, { files: `${name}/out/t*.csv`, guards, on_delete: 'retain' });
    const feed = await lab.feed(table, { [name]: good }, { ignore_members: ['README'] });
    const whole = await feed.rows();
    const states: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(byteFault, async (fault) => {
        const bad = withFault(good, fault);
        const before = await feed.rows();

        const night = await feed.night({ [name]: bad });

        states[night.state] = (states[night.state] ?? 0) + 1;
        const story = JSON.stringify({ fault, night });
        const rows = await feed.rows();
        expect(await feed.isProved(), story).toBe(true);
        if (night.state === 'refused') {
          expect(night.error!.name, story).toMatch(ofTheFile);
          expect(rows, story).toEqual(before);
        } else expect(night.state, story).toMatch(/^(published|unchanged)$/);
        if (isSummed) expect(rows, story).toEqual(whole);
        else {
          const sent = bad.toString('latin1').split(/[\n\0]/);
          for (const row of rows) if (!isIn(before, row)) expect(sent, story).toContain(row.join(','));
        }
      }),
      { numRuns: NIGHTS },
    );
    expect(Object.keys(states)).toContain('refused');
  },
  900_000,
);

/** What is wrong with a file, its name and its text: no failure of ours. */
const ofTheFile =
  /^(ZIP|TAR|GZIP|NOT|ARCHIVE|BAD_MAGIC|EMPTY|DECOMPRESSION|HEADER|ENCODING|NO_|MIXED|UNTERMINATED|SKIPPED|MANIFEST|DATA_AFTER)/;

function isIn(rows: readonly unknown[], row: unknown): boolean {
  return rows.some((each) => JSON.stringify(each) === JSON.stringify(row));
}
