import { expect, onTestFinished, test } from 'vitest';
import { feedText, PriceDesk } from '../../support/vendors/price-desk.ts';

const rules = '    rules: [{check: "price < 100", name: cheap, on_fail: hold}]\n';
const run = 'shop/2026-11-19';
const first = ['1,one,1.00', '2,two,2.00', '3,three,3.00'];
/** Two rows break the rule. */
const dear = ['1,one,1.00', '2,two,250.00', '3,three,3.00', '4,four,400.00'];
const decided = ['--by', 'ada', '--reason', 'seen'];

/** With a night that a rule holds. */
async function heldDesk(feed = feedText({ rest: rules })): Promise<PriceDesk> {
  const desk = await PriceDesk.open(feed);
  onTestFinished(() => desk.close());
  await desk.publish('2026-11-18', first);
  await desk.deliver('2026-11-19', dear);
  return desk;
}

test('a rule holds a night; message, status and history say why, with numbers and rows; approved it goes in', async () => {
  const desk = await heldDesk();

  const night = await desk.run(['run', desk.feed, '--date', '2026-11-19']);

  expect(night.code).toBe(3);
  expect(night.stdout + night.stderr).toMatch(/RULE_BROKEN.*prices.*cheap/s);
  expect(await desk.rows()).toHaveLength(3);
  const [{ message }] = (await desk.sql`SELECT message FROM nightfeed.outbox WHERE state = 'held'`) as [
    { message: unknown },
  ];
  expect(message).toMatchObject({
    run,
    state: 'held',
    holds: [{ guard: 'RULE_BROKEN', table: 'prices', rule: 'cheap', value: 2, limit: 0 }],
  });

  const status = await desk.run(['status', run]);
  expect(status.stdout).toMatch(/RULE_BROKEN.*prices: .*2.*cheap|RULE_BROKEN.*prices: .*cheap.*2/);
  const detail = (await desk.ask('status', run)).answer.run as {
    open: string[];
    samples: { guard: string; rows: string[] }[];
  };
  expect(detail.open).toEqual(['RULE_BROKEN']);
  const shown = detail.samples.filter(({ guard }) => guard === 'RULE_BROKEN').flatMap(({ rows }) => rows);
  expect(shown.join('\n')).toContain('250.00');
  expect(shown.join('\n')).toContain('400.00');
  expect(shown.join('\n')).not.toContain('three');
  for (const row of shown) expect(status.stdout).toContain(row);
  expect((await desk.run(['history'])).stdout).toMatch(/2026-11-19.*held.*RULE_BROKEN/s);

  const approved = await desk.ask('approve', run, ...decided);

  expect(approved, approved.stderr).toMatchObject({ code: 0, answer: { run, state: 'published' } });
  expect((await desk.rows()).map(([, , price]) => price)).toEqual(['1.00', '250.00', '3.00', '400.00']);
  expect((await desk.run(['status', run])).stdout).toMatch(/approved.*by ada: seen/);
  expect(await desk.agrees()).toBe(true);

  // The rows that were approved do not come up again; nor does anybody ask about a night without a fault.
  const next = await desk.publish('2026-11-20', dear.with(0, '1,one,1.50'));
  expect(next).toMatchObject({ holds: [], tables: { prices: { updated: 1 } } });
});

test('approved by the name of its guard alone, what another guard holds stays held', async () => {
  const tight = feedText({ rest: rules }).replace('updated: 100%', 'updated: 10%');
  const desk = await heldDesk(tight);
  expect((await desk.night('2026-11-19')).answer.holds.map(({ guard }: { guard: string }) => guard).sort()).toEqual([
    'MASS_UPDATE',
    'RULE_BROKEN',
  ]);

  const half = await desk.ask('approve', run, '--guard', 'RULE_BROKEN', ...decided);
  expect(half, half.stderr).toMatchObject({ code: 3, answer: { state: 'held', open: ['MASS_UPDATE'] } });
  expect(await desk.rows()).toHaveLength(3);
  expect(await desk.ask('approve', run, '--guard', 'REJECTED_LIMIT', ...decided)).toMatchObject({
    code: 2,
    answer: { error: { name: 'NOT_HELD' } },
  });

  const whole = await desk.ask('approve', run, '--guard', 'MASS_UPDATE', ...decided);
  expect(whole, whole.stderr).toMatchObject({ code: 0, answer: { state: 'published' } });
  expect(await desk.rows()).toHaveLength(4);
});

test('a night without the fault supersedes the held one and publishes by itself', async () => {
  const desk = await heldDesk();
  expect(await desk.night('2026-11-19')).toMatchObject({ code: 3 });

  await desk.publish('2026-11-20', [...first, '4,four,4.00']);

  const { runs } = (await desk.ask('history')).answer as unknown as { runs: { run: string; state: string }[] };
  expect(runs.map(({ run: name, state }) => [name, state])).toEqual([
    ['shop/2026-11-20', 'published'],
    ['shop/2026-11-19', 'superseded'],
    ['shop/2026-11-18', 'published'],
  ]);
  expect(await desk.rows()).toHaveLength(4);
  expect(await desk.ask('approve', run, ...decided)).toMatchObject({
    code: 2,
    answer: { error: { name: 'NOT_HELD' } },
  });
});
