import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, test } from 'vitest';
import { describeEngines } from '../support/engines/engines.ts';
import { testInFull } from '../support/full.ts';
import { accepted, checkOn, type Subject, tableOf } from '../support/nights/input-case.ts';
import { IntakeLab } from '../support/nights/intake-lab.ts';
import { tar } from '../support/vendors/tar.ts';
import { zip } from '../support/vendors/zip.ts';
import { encoding } from './cases/encoding.ts';
import { jsonInputs } from './cases/json.ts';
import { keys } from './cases/keys.ts';
import { otherEncodings } from './cases/other-encodings.ts';
import { structure } from './cases/structure.ts';
import { columns, lines, row3, text } from './plain-table.ts';

let lab: IntakeLab;
beforeAll(async () => {
  lab = await IntakeLab.open();
});
afterAll(() => lab.close());

// In one file, so that they share a session.
describeEngines(['spark'], (engine) => {
  for (const [about, groups] of Object.entries({
    ...encoding,
    ...otherEncodings,
    ...structure,
    ...keys,
    ...jsonInputs,
  }))
    for (const { subject, cases } of groups)
      for (const [title, delivered, outcome, mark] of cases) {
        // It reaches no engine.
        if (outcome.kind === 'refused') continue;
        const run = mark === engine ? test : testInFull;
        run(`${about}: ${title}`, () => checkOn(engine, lab, subject, { 't.csv': delivered }, outcome));
      }

  test.each([
    ['zip', zip],
    ['tar.gz', (members: readonly Member[]) => gzipSync(tar(members))],
  ] as const)('the members of a %s are one table, and each reject has its place', async (suffix, pack) => {
    const packed = (members: readonly Member[]) => ({ [`t.${suffix}`]: pack(members) });
    const base = packed([part('t2.csv', lines.slice(10)), part('t1.csv', lines.slice(0, 10))]);
    const subject: Subject = { table: tableOf(columns, { files: `t.${suffix}/t*.csv` }), base };
    const next = packed([
      part('t1.csv', lines.slice(0, 10).with(2, '3,new,3.50').with(6, '7,seven,much')),
      part('t2.csv', [...lines.slice(10, 19), '21,"a\nb",1', '22,x']),
    ]);
    // The record with a field too few may be row 20, which therefore stays.
    const rows = { ...row3, 21: ['21', 'a\nb', '1.00'] };
    await checkOn(engine, lab, subject, next, accepted(rows, { FORMAT: 1, FIELD_COUNT: 1 }));
  });
});

type Member = Parameters<typeof zip>[0][number] & Parameters<typeof tar>[0][number] & { readonly bytes: string };

const part = (name: string, rows: readonly string[]): Member => ({ name, bytes: text(rows) });
