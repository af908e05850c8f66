import { expect, test } from 'vitest';
import { describePostgres } from '../../../support/postgres/postgres.ts';
import { catalog, shopFeed, targetLab } from '../../../support/postgres/target-lab.ts';
import { expectProved } from './two-nights.ts';

describePostgres('publish, whatever names and keys a table has', (version) => {
  test('a column may have any name that our statements use', async () => {
    const names = ['t', 's', 'p', 'old', 'new', 'place', '_old', '_place', 'written', 'v0'];
    const columns = { id: { type: 'integer', key: true }, ...Object.fromEntries(names.map((name) => [name, 'text'])) };
    const lab = await targetLab(version, shopFeed({ catalog: { ...catalog, columns } }));
    const row = (id: number, text: string) => [String(id), ...names.map(() => text)];
    await lab.night('2026-11-20', { catalog: [row(1, 'a'), row(2, 'a')] });
    await lab.night('2026-11-21', { catalog: [row(1, 'b'), row(3, 'b')] });
    await lab.night('2026-11-22', { catalog: [row(1, 'b'), row(2, 'c'), row(3, 'b')] });

    const live = await lab.sql`SELECT id, _old, _place, old FROM shop.catalog WHERE _gone_since IS NULL ORDER BY id`;
    expect([...live].map((found) => Object.values(found).join(' '))).toEqual(['1 b b b', '2 c c c', '3 b b b']);
  });

  test('joins composite keys of any name and type, whatever stands in the text', async () => {
    const odd = {
      'a"b; DROP TABLE x --': { type: 'text', key: true },
      kind: { type: 'timestamptz', key: true },
      s: 'text',
      'Größe 📏': 'text',
    };
    const lab = await targetLab(version, shopFeed({ odd: { files: '*', columns: odd, history: true } }));
    const nasty = ['\\.', 'tab\there', 'line\nend\r', '\\N', "'; DROP TABLE shop.odd; --", '€"\\', '', ' '];
    const at = '2026-11-20T10:00:00+02:00';
    await lab.night('2026-11-20', { odd: nasty.map((text) => [text, at, text, 'x']) });

    expect(await lab.night('2026-11-21', { odd: nasty.slice(1).map((text) => [text, at, text, text]) })).toMatchObject({
      tables: { odd: { inserted: 0, updated: 7, gone: 1 } },
    });
    expect(await lab.night('2026-11-22', { odd: nasty.map((text) => [text, at, null, text]) })).toMatchObject({
      tables: { odd: { inserted: 0, updated: 7, returned: 1, gone: 0 } },
    });

    const rows = await lab.sql<Record<string, unknown>[]>`SELECT * FROM shop.odd`;
    expect(rows.map((row) => row['a"b; DROP TABLE x --']).sort()).toEqual([...nasty].sort());
    expect(rows.every((row) => row['Größe 📏'] === row['a"b; DROP TABLE x --'])).toBe(true);
    await expectProved(lab);
  });

  test('keeps a table of keys alone', async () => {
    const lab = await targetLab(
      version,
      shopFeed({ codes: { files: '*', columns: { code: { type: 'uuid', key: true } } } }),
    );
    const [a, b] = ['11111111-1111-1111-1111-111111111111', '22222222-2222-2222-2222-22222222222A'];
    await lab.night('2026-11-20', { codes: [[a!]] });
    await lab.night('2026-11-21', { codes: [[b!]] });

    expect(await lab.night('2026-11-22', { codes: [[a!], [b!]] })).toMatchObject({
      tables: { codes: { inserted: 0, returned: 1 } },
    });
    await expectProved(lab);
  });
});
