import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Shape, writeDump } from '../../bench/dump.ts';

const plain: Shape = { rows: 5000, changed: 0.01, inserted: 0.003, gone: 0.002, shuffled: 'none', top: 0, block: 0 };

describe('a dump', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dump-test-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const dump = (shape: Shape, side: 'base' | 'next') => {
    const path = join(folder, side);
    const truth = writeDump(path, shape, side);
    const [, ...rows] = readFileSync(path, 'utf8').trimEnd().split('\n');
    return { truth, rows, byId: new Map(rows.map((row) => [row.slice(0, row.indexOf(',')), row])) };
  };

  test.each<[string, Partial<Shape>]>([
    ['as it is by default', {}],
    ['with everything changed', { changed: 1 }],
    ['shuffled', { shuffled: 'all' }],
    ['shuffled locally', { shuffled: 'local' }],
    ['with rows at the top and a block gone', { top: 100, block: 1000 }],
  ])('holds the changes that it says it holds, %s', (_name, options) => {
    const shape = { ...plain, ...options };
    const base = dump(shape, 'base');
    const { truth, rows, byId } = dump(shape, 'next');

    const inserted = rows.filter((row) => !base.byId.has(row.slice(0, row.indexOf(','))));
    const updated = [...byId].filter(([id, row]) => base.byId.has(id) && base.byId.get(id) !== row);
    const gone = [...base.byId.keys()].filter((id) => !byId.has(id));
    expect(byId.size).toBe(rows.length);
    expect(truth).toEqual({
      base: base.rows.length,
      rows: rows.length,
      inserted: inserted.length,
      updated: updated.length,
      gone: gone.length,
    });
    expect(truth.updated / shape.rows).toBeCloseTo(
      shape.changed - (shape.changed === 1 ? truth.gone / shape.rows : 0),
      2,
    );
  });

  test('is in order unless shuffled', () => {
    const { rows } = dump(plain, 'next');
    expect(rows).toEqual([...rows].sort());
    expect(dump({ ...plain, shuffled: 'local' }, 'next').rows).not.toEqual(rows);
  });
});
