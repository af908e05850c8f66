import { globSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { feedText, PriceDesk } from '../../support/vendors/price-desk.ts';
import { good } from './quarantined-prices.ts';

const DAY = '2026-11-18';

test('a process that is killed before and after each act leaves what the same command finishes', async () => {
  const desk = await PriceDesk.open(`${feedText()}after: {move: "./done/{date}"}\n`);
  onTestFinished(() => desk.close());
  await desk.deliver(DAY, good);
  const files = () => globSync('{inbox,done}/*/*.csv', { cwd: desk.folder });
  const night = ['run', desk.feed, '--date', DAY];
  for (const point of ['pickup.planned', 'pickup.before', 'pickup.after']) {
    expect((await desk.run(night, { NIGHTFEED_FAIL_AT: point })).code, point).not.toBe(0);
    expect(files(), point).toEqual([point === 'pickup.after' ? `done/${DAY}/prices.csv` : `inbox/${DAY}/prices.csv`]);
  }
  expect((await desk.ask('status')).answer).toMatchObject({ left: [{ run: `shop/${DAY}`, file: 'prices.csv' }] });

  expect((await desk.ask(...night)).answer).toMatchObject({ state: 'unchanged', after: { taken: 1, left: [] } });

  expect(files()).toEqual([`done/${DAY}/prices.csv`]);
  expect((await desk.ask('status')).answer).not.toHaveProperty('left');
  expect((await desk.ask('audit', desk.feed)).code).toBe(0);
});
