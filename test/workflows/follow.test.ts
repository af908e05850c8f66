import { expect, test } from 'vitest';
import { NightfeedError } from '../../lib/core/errors.ts';
import type { StepRow } from '../../lib/core/workflow/workflows.ts';
import { follow } from '../../lib/workflows/follow.ts';
import type { Answer, Products } from '../../lib/workflows/step-work.ts';

const row = (needs: StepRow['needs'], ways: StepRow['ways'], more: Partial<StepRow> = {}): StepRow => ({
  needs,
  leaves: [],
  ways,
  ...more,
});
const published = { end: 'published' } as const;
const moved = new NightfeedError('BASE_MOVED', 'somebody was faster');
const judgement = { holds: [], warnings: [], pass: true };

type Work = (given: Partial<Products>, round: number) => Promise<Answer>;
const answers = (outcome: string, left?: Partial<Products>): Work => {
  return async () => ({ outcome, ...(left ? { left } : {}) });
};
const throws = (thrown: unknown): Work => {
  return () => Promise.reject(thrown);
};

test('a step is given what it needs, and nothing else that was left before', async () => {
  const given: unknown[] = [];
  const rows: Record<string, StepRow> = {
    guard: row([], { pass: 'publish' }),
    publish: row(['judgement'], { published: 'tidy' }),
    tidy: row([], { tidied: published }),
  };
  const ended = await follow(rows, {
    guard: answers('pass', { judgement }),
    publish: async (products: unknown) => {
      given.push(products);
      return { outcome: 'published', left: { written: {} } };
    },
    tidy: async (products: unknown) => {
      given.push(products);
      return { outcome: 'tidied' };
    },
  });

  expect(given).toEqual([{ judgement }, {}]);
  expect(ended).toEqual({ state: 'published', left: { judgement, written: {} } });
});

test('a step is given what it can use, where somebody left it', async () => {
  const given: unknown[] = [];
  const rows: Record<string, StepRow> = { diff: row([], { compared: published }, { uses: ['observed'] }) };
  const pulling: Record<string, StepRow> = { pull: row([], { pulled: 'diff' }), ...rows };
  const diff = async (products: unknown) => {
    given.push(products);
    return { outcome: 'compared' };
  };

  await follow(pulling, { pull: answers('pulled', { observed: new Map() }), diff });
  await follow(rows, { diff });

  expect(given).toEqual([{ observed: new Map() }, {}]);
});

test('a step that needs what nobody left is not taken', async () => {
  const rows: Record<string, StepRow> = {
    guard: row([], { pass: 'publish' }),
    publish: row(['judgement'], { published }),
  };
  const steps = { guard: answers('pass'), publish: answers('published') };

  await expect(follow(rows, steps)).rejects.toThrow('publish needs judgement, which no step before it left');
});

test('goes back twice, and says in which round it is', async () => {
  const rounds: number[] = [];
  const rows: Record<string, StepRow> = {
    diff: row([], { compared: 'publish' }),
    publish: row([], { published }, { back: { BASE_MOVED: 'diff' } }),
  };
  const steps = (publish: Work) => ({
    diff: async (_given: unknown, round: number) => {
      rounds.push(round);
      return { outcome: 'compared' };
    },
    publish,
  });
  const inRound = (wanted: number): Work => {
    return (given, round) => (round === wanted ? answers('published') : throws(moved))(given, round);
  };

  expect(await follow(rows, steps(inRound(3)))).toMatchObject({ state: 'published' });
  await expect(follow(rows, steps(inRound(4)))).rejects.toBe(moved);
  expect(rounds).toEqual([1, 2, 3, 1, 2, 3]);
});

test('an error takes the way that the row has for any other error, and is thrown where it has none', async () => {
  const failed = new NightfeedError('ENGINE_FAILED', 'no');
  const rows = (otherwise?: 'tidy'): Record<string, StepRow> => ({
    notify: row([], { told: 'tidy' }, otherwise ? { otherwise } : {}),
    tidy: row([], { tidied: published }),
  });
  const steps = { notify: throws(failed), tidy: answers('tidied') };

  expect(await follow(rows('tidy'), steps)).toMatchObject({ state: 'published' });
  await expect(follow(rows(), steps)).rejects.toBe(failed);
});
