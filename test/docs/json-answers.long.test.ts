import { afterAll, beforeAll, expect, test } from 'vitest';
import { answers } from '../../docs/json-answers.ts';
import { feedText, PriceDesk } from '../support/vendors/price-desk.ts';

const good = ['1,one,1.00', '2,two,2.00', '3,three,3.00', '4,four,4.00', '5,five,5.00'];
const taken = `feed: other
source: {folder: .}
tables: {theirs: {files: theirs.csv, columns: {id: {type: bigint, key: true}}}}
`;

let desk: PriceDesk;
beforeAll(async () => {
  desk = await PriceDesk.open();
});
afterAll(() => desk.close());

test('every answer is as the page says', async () => {
  const asked = async (answer: keyof typeof answers, ...args: string[]) => {
    const received = await desk.ask(...args);
    const read = answers[answer].safeParse(received.answer);
    expect(read.error?.issues, `${args.join(' ')}: ${JSON.stringify(received.answer)}`).toBeUndefined();
    return received.answer;
  };
  const run = (date: string) => asked('run', 'run', desk.feed, '--date', date);

  await asked('failure', 'status', 'shop/2026-11-01');
  await asked('failure', 'run');
  await asked('validate', 'validate', desk.feed);
  await asked('migrate', 'migrate', desk.feed);
  await asked('audit', 'audit', desk.feed);
  await asked('adopt', 'adopt', desk.feed);
  await asked('quarantined', 'quarantine', 'list');

  await desk.deliver('2026-11-18', good);
  await asked('sample', 'sample', desk.feed, '--date', '2026-11-18');
  expect(await asked('doctor', 'doctor', desk.feed, '--date', '2026-11-18')).toMatchObject({ healthy: true });
  expect(await asked('plan', 'plan', desk.feed, '--date', '2026-11-18')).toMatchObject({ attempt: null });
  expect(await run('2026-11-18')).toMatchObject({ state: 'published' });
  await desk.deliver('2026-11-19', [...good.slice(1), '6,six,6.125', '7,seven,many']);
  expect(await run('2026-11-19')).toMatchObject({ state: 'published' });
  await asked('shown', 'quarantine', 'show', 'shop/2026-11-19');
  await asked('csv', 'quarantine', 'show', 'shop/2026-11-19', '--csv', `${desk.folder}/rejects.csv`);

  await asked('logs', 'logs', 'shop/2026-11-19');
  await asked('failure', 'logs', 'shop/2026-11-01');
  await asked('lake', 'lake', desk.feed, '--keep', 'landing=30d');
  await asked('lake', 'lake');
  await asked('failure', 'lake', '--keep', 'landing=0d');
  await asked('failure', 'lake', 'nobody');

  await desk.deliver('2026-11-20', [good[0]!, '8,eight,x']);
  expect(await run('2026-11-20')).toMatchObject({ state: 'held' });
  expect(await asked('quarantined', 'quarantine', 'list')).toMatchObject({ rows: 2, held: [{ rows: 1 }] });
  const decider = ['--by', 'ada', '--reason', 'agreed'];
  await asked('decided', 'approve', 'shop/2026-11-20', ...decider, '--no-run');
  await asked('detail', 'status', 'shop/2026-11-20');
  await asked('run', 'approve', 'shop/2026-11-20', ...decider);
  await desk.deliver('2026-11-21', []);
  await run('2026-11-21');
  await asked('decided', 'reject', 'shop/2026-11-21', ...decider);
  expect(await run('2026-11-22')).toMatchObject({ state: 'late' });

  await desk.describe(feedText({ price: 'text' }));
  await desk.sql.unsafe('DROP VIEW prices_versions; ALTER TABLE prices ALTER COLUMN price TYPE text');
  await desk.sql.unsafe('ALTER TABLE prices_history ALTER COLUMN price TYPE text');
  expect(await asked('release', 'quarantine', 'release', 'shop/2026-11-19', '--code', 'SCALE')).toMatchObject({
    released: { prices: { records: 1 } },
  });
  await asked('release', 'quarantine', 'release', 'shop/2026-11-20');
  await asked('audit', 'audit', desk.feed);

  await desk.sql.unsafe(
    'CREATE TABLE public.theirs (id bigint PRIMARY KEY); INSERT INTO public.theirs VALUES (1), (2)',
  );
  await desk.describe(taken);
  expect(await asked('adopt', 'adopt', desk.feed, '--yes', '--date', '2026-11-20')).toMatchObject({
    tables: { theirs: 2 },
  });
  const { runs } = await asked('runs', 'history');
  const origins = runs.map(({ origin }: { origin: { kind: string } | null }) => origin?.kind);
  expect(origins).toEqual(expect.arrayContaining([undefined, 'release', 'adopt']));
}, 180_000);
