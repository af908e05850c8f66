import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { catalog, type Lab, shopFeed, targetLab } from '../../../support/postgres/target-lab.ts';
import { tcpProxy } from '../../../support/vendors/tcp-proxy.ts';

const base = [
  ['1', 'one', '1.00'],
  ['2', 'two', '2.00'],
];
const next = [
  ['1', 'uno', '1.00'],
  ['3', 'three', null],
];
const counts = { catalog: { inserted: 1, updated: 1, returned: 0, gone: 1 } };

/** What only the publishing transaction says. */
const PUBLISHING = 'pg_advisory_xact_lock';

/** All that waits for the server, and all that the server waits for, made short. */
const impatient = {
  patience: { loneMs: 700, marginMs: 200, commitMs: 500, copyMs: 500 },
  limits: { statementMs: 500, idleMs: 1000, lockMs: 5000 },
};
/** Far above what these add up to, on a busy machine too; what they stand for are minutes and hours. */
const BOUND_MS = 60_000;

describe('a server that is silent all of a sudden', () => {
  test.each([
    { what: 'a COMMIT that never arrives', fault: 'swallowed', comes: 'not applied' },
    { what: 'a COMMIT whose answer never comes', fault: 'unanswered', comes: 'already' },
  ] as const)('$what is settled in bounded time', async ({ fault, comes }) => {
    const { lab, publication, through } = await labWithDelivery();
    const target = await through('COMMIT\0', fault, PUBLISHING);
    const start = performance.now();

    const first = await target.publish(publication).then(
      ({ kind }) => kind,
      ({ name, message }) => `${name}: ${message}`,
    );
    expect(first).toContain(comes);
    expect(await target.publish(publication)).toMatchObject({ tables: counts });

    expect(performance.now() - start).toBeLessThan(BOUND_MS);
    await expectNext(lab);
  });

  test.each([
    { at: 'a stage is made', text: 'CREATE UNLOGGED' },
    { at: 'a COPY begins', text: 'COPY nightfeed_stage' },
    { at: 'rows of a COPY are sent', text: '3\tthree' },
    { at: 'rows are written', text: 'UPDATE "shop"."catalog"' },
    { at: 'a row of the ledger is read', text: 'applied_revision' },
  ])('when $at, the night fails in bounded time and succeeds the next time', async ({ text }) => {
    const { lab, publication, through } = await labWithDelivery();
    const target = await through(text, 'swallowed');
    const start = performance.now();

    await expect(target.publish(publication)).rejects.toMatchObject({
      name: 'DATABASE_UNAVAILABLE',
      transient: true,
      message: expect.stringMatching(/^PostgreSQL said nothing for 0\.[57] s/),
    });
    expect(await target.publish(publication)).toEqual({ kind: 'published', tables: counts });

    expect(performance.now() - start).toBeLessThan(BOUND_MS);
    await expectNext(lab);
  });

  test('a COPY that gets on, however slowly, is not given up', async () => {
    const { lab, publication } = await labWithDelivery();
    const { target } = lab.another(impatient);
    // Each pause alone is short, all together are longer than a statement may take.
    const rows: typeof publication.rows = (table, kind) =>
      Readable.from(
        (async function* () {
          for await (const chunk of publication.rows(table, kind)) {
            for (const byte of String(chunk)) {
              await sleep(50);
              yield byte;
            }
          }
        })(),
      );

    expect(await target.publish({ ...publication, rows })).toEqual({ kind: 'published', tables: counts });
  });

  async function labWithDelivery() {
    const lab = await targetLab(17, shopFeed({ catalog }));
    await lab.night('2026-11-20', { catalog: base });
    const publication = await lab.publication('2026-11-21', { catalog: next });
    const through = async (text: string, fault: 'swallowed' | 'unanswered', since = '') => {
      const proxy = await tcpProxy(lab.url, text, fault, since);
      onTestFinished(() => proxy.close());
      return lab.another(impatient, proxy.url).target;
    };
    return { lab, publication, through };
  }
});

async function expectNext(lab: Lab): Promise<void> {
  expect((await lab.rows('catalog', 'id, title, _gone_since IS NULL AS live')).map(Object.values)).toEqual([
    [1, 'uno', true],
    [2, 'two', false],
    [3, 'three', true],
  ]);
  for (const { expected, found } of await lab.target.audit('shop')) expect(found).toEqual(expected);
}
