import { Readable } from 'node:stream';
import { expect, test, vi } from 'vitest';
import type { TableDiff } from '../../../../lib/core/run/diff-receipt.ts';
import type { Publication } from '../../../../lib/ports/target.ts';
import { describePostgres } from '../../../support/postgres/postgres.ts';
import { catalog, type Lab, shopFeed, targetLab } from '../../../support/postgres/target-lab.ts';

const base = [
  ['1', 'one', '1.00'],
  ['2', 'two', '2.00'],
  ['3', 'three', '3.00'],
];
/** 1 changes, 2 goes, 4 comes. */
const next = [
  ['1', 'uno', '1.00'],
  ['3', 'three', '3.00'],
  ['4', 'four', '4.00'],
];

describePostgres('the proof of publish', (version) => {
  test.each([
    [
      'changed a row that changes',
      `UPDATE shop.catalog SET title = 'x' WHERE id = 1`,
      /the old rows are 2 rows \w+; the base has 2 rows/,
    ],
    ['changed a row that goes', `UPDATE shop.catalog SET price = 0 WHERE id = 2`, /the old rows are/],
    [
      'removed a row that changes',
      'DELETE FROM shop.catalog WHERE id = 1',
      /1 rows were to be updated; 0 of them are live/,
    ],
    [
      'stamped a row that goes',
      `UPDATE shop.catalog SET _gone_since = '2026-11-20' WHERE id = 2`,
      /1 rows were to be gone; 0 of them are live/,
    ],
    [
      'wrote a row of ours',
      `INSERT INTO shop.catalog VALUES (4, 'x', 0, '2026-11-20', '2026-11-20')`,
      /1 of 1 new keys are there already/,
    ],
  ])('finds that somebody else %s', async (_what, statement, message) => {
    const lab = await labWithBase();
    await lab.sql.unsafe(statement);
    const before = await everything(lab);

    await expect(lab.night('2026-11-21', { catalog: next })).rejects.toMatchObject({
      name: 'DRIFT',
      message: expect.stringMatching(message),
    });

    expect(await everything(lab)).toEqual(before);
  });

  test.each([
    ['changes a row that changes', 'UPDATE shop.catalog SET price = 9 WHERE id = 1'],
    ['removes a row that changes', 'DELETE FROM shop.catalog WHERE id = 1'],
    ['changes a row that goes', 'UPDATE shop.catalog SET price = 9 WHERE id = 2'],
  ])('finds that somebody else %s while the change waits for it', async (_what, statement) => {
    const lab = await labWithBase();
    const publication = await lab.publication('2026-11-21', { catalog: next });
    let published: Promise<unknown> | undefined;
    await lab.sql.begin(async (sql) => {
      await sql.unsafe(statement);
      published = lab.target.publish(publication).catch((error: unknown) => error);
      await vi.waitFor(async () => expect(await lab.sql`SELECT 1 FROM pg_locks WHERE NOT granted`).not.toEqual([]), {
        timeout: 60_000,
      });
    });

    expect(await published).toMatchObject({ name: 'DRIFT' });
  });

  test('finds a row of ours that somebody else writes after the old rows were locked', async () => {
    const lab = await labWithBase();
    await lab.sql.unsafe(`
      CREATE FUNCTION shop.intrude() RETURNS trigger LANGUAGE plpgsql AS
        $$BEGIN INSERT INTO shop.catalog VALUES (4, 'x', 0, '2026-11-20', '2026-11-20'); RETURN NEW; END$$;
      CREATE TRIGGER intrude BEFORE UPDATE ON shop.catalog FOR EACH ROW WHEN (NEW.id = 1) EXECUTE FUNCTION shop.intrude()`);

    await expect(lab.night('2026-11-21', { catalog: next })).rejects.toMatchObject({
      name: 'DRIFT',
      message: `shop.catalog: somebody else wrote a row with a new row's key`,
    });
  });

  test.each([
    [
      'an inserted row',
      'INSERT',
      'RETURN CASE WHEN NEW.id = 4 THEN NULL ELSE NEW END;',
      'wrote 0 inserted rows; the change set has 1',
    ],
    [
      'an updated row',
      'UPDATE',
      'RETURN CASE WHEN NEW.id = 1 THEN NULL ELSE NEW END;',
      'wrote 0 updated rows; the change set has 1',
    ],
    [
      'a stamp',
      'UPDATE',
      'RETURN CASE WHEN NEW.id = 2 THEN NULL ELSE NEW END;',
      'wrote 0 gone rows; the change set has 1',
    ],
    ['the value of a field', 'INSERT', 'NEW.price := 5; RETURN NEW;', 'the change set has 2 rows'],
  ])('finds that %s was lost on the way', async (_what, event, body, message) => {
    const lab = await labWithBase();
    await lab.sql.unsafe(`
      CREATE FUNCTION shop.lose() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN ${body} END';
      CREATE TRIGGER lose BEFORE ${event} ON shop.catalog FOR EACH ROW EXECUTE FUNCTION shop.lose()`);
    const before = await everything(lab);

    await expect(lab.night('2026-11-21', { catalog: next })).rejects.toMatchObject({
      name: 'PROOF_FAILED',
      message: expect.stringContaining(message),
    });

    expect(await everything(lab)).toEqual(before);
    await lab.sql`DROP TRIGGER lose ON shop.catalog`;
    expect(await lab.night('2026-11-21', { catalog: next })).toMatchObject({ kind: 'published' });
  });

  test.each<[string, (diff: TableDiff) => Partial<TableDiff>, string, string]>([
    [
      'more inserted rows',
      () => ({ inserted: 2 }),
      'PROOF_FAILED',
      'the file of inserted rows has 1 rows; its receipt says 2',
    ],
    [
      'fewer updated rows',
      (diff) => ({ updated: 0, before: { ...diff.before, rows: 1 } }),
      'DRIFT',
      'the old rows are',
    ],
    [
      'another sum of new rows',
      (diff) => ({ after: { ...diff.after, lo: '1' } }),
      'PROOF_FAILED',
      'the change set has 2 rows',
    ],
    ['another sum of old rows', (diff) => ({ before: { ...diff.before, hi: '1' } }), 'DRIFT', 'the base has 2 rows'],
  ])('refuses a receipt of %s', async (_what, tamper, name, message) => {
    const lab = await labWithBase();
    const publication = await lab.publication('2026-11-21', { catalog: next });
    const diff = publication.receipt.tables.catalog!;

    await expect(lab.target.publish(withDiff(publication, { ...diff, ...tamper(diff) }))).rejects.toMatchObject({
      name,
      message: expect.stringContaining(message),
    });
    expect(await lab.sql`SELECT relname FROM pg_class WHERE relnamespace = 'nightfeed_stage'::regnamespace`).toEqual(
      [],
    );
  });

  test('refuses a snapshot that is not base − old + new', async () => {
    const lab = await labWithBase();
    const publication = await lab.publication('2026-11-21', { catalog: next });
    const snapshot = publication.snapshots.catalog!;
    const snapshots = { catalog: { ...snapshot, fingerprint: { ...snapshot.fingerprint, rows: 4 } } };

    await expect(lab.target.publish({ ...publication, snapshots })).rejects.toMatchObject({
      name: 'PROOF_FAILED',
      message: expect.stringMatching(/production would hold 3 rows \w+; the snapshot has 4 rows/),
    });
  });

  test('refuses a change set that names a key twice or not at all', async () => {
    const lab = await labWithBase();
    const twice = await lab.publication('2026-11-21', { catalog: [...base, ['4', 'a', null], ['4', 'b', null]] });
    await expect(lab.target.publish(twice)).rejects.toMatchObject({
      name: 'PROOF_FAILED',
      message: expect.stringContaining('a key twice'),
    });

    const none = await lab.publication('2026-11-21', { catalog: [...base, [null, 'a', null]] });
    await expect(lab.target.publish(none)).rejects.toMatchObject({
      name: 'PROOF_FAILED',
      message: expect.stringContaining('a key of null'),
    });
  });

  test('names the line of a value that PostgreSQL refuses, and keeps the value out of the message', async () => {
    const lab = await labWithBase();
    const publication = await lab.publication('2026-11-21', { catalog: [...base, ['4', 'a', null]] });
    const rows = () => Readable.from(['4\ta\t1.00\n', '5\tb\tsecret\n']);

    const error = await lab.target.publish({ ...publication, rows }).then(
      () => undefined,
      (thrown) => thrown,
    );

    expect(error).toMatchObject({
      name: 'DATABASE_REFUSED',
      message: 'catalog: PostgreSQL refused a value (22P02), line 2, column price',
    });
    expect(JSON.stringify(error)).not.toContain('secret');
  });

  const labWithBase = async () => {
    const lab = await targetLab(version, shopFeed({ catalog }));
    await lab.night('2026-11-20', { catalog: base });
    return lab;
  };
});

function withDiff(publication: Publication, diff: TableDiff): Publication {
  return { ...publication, receipt: { ...publication.receipt, tables: { catalog: diff } } };
}

/** Data, applied state and messages: what a failed publish must leave alone. */
async function everything(lab: Lab): Promise<unknown> {
  return [await lab.rows('catalog'), await lab.ledger.applied('shop'), await lab.ledger.outbox()];
}
