import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeEngines } from '../../support/engines/engines.ts';
import { tableOf } from '../../support/nights/input-case.ts';
import { IntakeLab } from '../../support/nights/intake-lab.ts';
import { isCode, type ValueCases, values } from '../cases/values.ts';

let lab: IntakeLab;
beforeAll(async () => {
  lab = await IntakeLab.open();
});
afterAll(() => lab.close());

const guards = { rejected: '100%', updated: '100%', gone: '100%', rows: ['-100%', '+100%'] };

for (const [title, group] of Object.entries(values))
  describe(title, () => {
    test.each(group.map((each) => [each.about, each] as const))('%s', (_about, each) => check(each));
  });

/** One night over a table that holds a good value in every row; each case is the new field of one row. */
async function check({ column, good, stored, cases }: ValueCases): Promise<void> {
  const fields = Object.entries(cases);
  const file = (values: readonly string[]) =>
    `id,v\n${values.map((value, index) => `${index},"${value.replaceAll('"', '""')}"\n`).join('')}`;
  const table = tableOf({ id: { type: 'integer', key: true }, v: column }, { guards });
  const feed = await lab.feed(table, { 't.csv': file(fields.map(() => good)) });

  const night = await feed.night({ 't.csv': file(fields.map(([raw]) => raw)) });

  expect(night.state, JSON.stringify(night)).toMatch(/^(published|unchanged)$/);
  const found = Object.fromEntries(night.rejects.map(({ key, code }) => [key, code]));
  const rows = await feed.rows();
  const outcomes = fields.map(([raw], index) => [raw, found[index] ?? rows[index]![1]]);
  expect(Object.fromEntries(outcomes)).toEqual(cases);
  for (const [index, [, outcome]] of fields.entries())
    expect(rows[index], 'a rejected row keeps its last good version').toEqual([
      `${index}`,
      isCode(outcome) ? stored : outcome,
    ]);
  expect(await feed.isProved()).toBe(true);
}

describeEngines(['spark'], (engine) => {
  const all = Object.values(values).flat();
  const nights = Array.from({ length: Math.ceil(all.length / COLUMNS) }, (_, night) =>
    all.slice(night * COLUMNS, (night + 1) * COLUMNS),
  );

  test.each(nights.map((asked) => [asked] as const))('these in one night, a column for each: %#', async (asked) => {
    const names = asked.map((_each, index) => `v${index}`);
    const columns = Object.fromEntries(asked.map(({ column }, index) => [names[index]!, column]));
    const table = tableOf({ id: { type: 'integer', key: true }, ...columns }, { guards });
    const subjects = asked.flatMap(({ cases }, at) =>
      Object.entries(cases).map(([raw, outcome]) => ({ at, raw, outcome })),
    );
    const quoted = (fields: readonly string[]) => fields.map((field) => `,"${field.replaceAll('"', '""')}"`).join('');
    const good = asked.map((each) => each.good);
    const file = (fields: (subject: (typeof subjects)[number]) => readonly string[]) =>
      [`id,${names}`, ...subjects.map((subject, id) => id + quoted(fields(subject))), ''].join('\n');
    const feed = await lab.feed(table, { 't.csv': file(() => good) }, { engine });

    const night = await feed.night({ 't.csv': file(({ at, raw }) => good.with(at, raw)) });

    expect(night.state, JSON.stringify(night)).toBe('published');
    const codes = subjects.flatMap(({ outcome }, id) => (isCode(outcome) ? [[String(id), outcome]] : []));
    expect(Object.fromEntries(night.rejects.map(({ key, code }) => [key, code]))).toEqual(Object.fromEntries(codes));
    const stored = asked.map((each) => each.stored);
    expect(await feed.rows()).toEqual(
      subjects.map(({ at, outcome }, id) => [String(id), ...(isCode(outcome) ? stored : stored.with(at, outcome))]),
    );
    expect(await feed.isProved()).toBe(true);
  });
});

/** So many with forms of their own took Spark six minutes and its memory while each later query held the whole query for a table. */
const COLUMNS = 14;
