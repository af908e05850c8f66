import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NO_PYTHON } from '../../../../lib/engines/spark/runtime/python-environment.ts';
import { guessedTable } from './guess-file.ts';
import { judged, labelOf, labelsOf, wrongOf } from './judge.ts';
import { publicFiles } from './public-files.ts';

const MINUTES = 60_000;
const folder = await publicFiles();
const labels = labelsOf(readFileSync(new URL('labels.tsv', import.meta.url), 'utf8'));

/** Of 100 files, so many have to be guessed right. */
const RIGHT = 95;

describe.skipIf(folder === undefined)(`init on public files (skipped with ${NO_PYTHON})`, () => {
  test(
    `says of ${RIGHT} % of them what a person says who looked at them, in each respect`,
    async () => {
      expect(labels.length).toBeGreaterThan(100);
      const wrong: { file: string; what: string; text: string }[] = [];
      for (const label of labels) {
        const path = join(folder!, label.file);
        const guess = labelOf(await guessedTable(dirname(path), basename(path)));
        for (const what of wrongOf(label, guess))
          wrong.push({ file: label.file, what, text: `${what}: ${label[what]}, not ${guess[what]}` });
      }
      for (const { file, text } of wrong) console.log(`${file}: ${text}`);
      const shares = judged.map((what) => {
        const right = labels.length - wrong.filter((each) => each.what === what).length;
        return { what, percent: Math.floor((100 * right) / labels.length) };
      });
      console.log(shares.map(({ what, percent }) => `${what} ${percent} %`).join(', '));
      expect(shares.filter(({ percent }) => percent < RIGHT)).toEqual([]);
    },
    5 * MINUTES,
  );
});
