import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runName } from '../../../lib/core/run/keys.ts';
import { isFull } from '../../support/full.ts';
import { RetentionLab, rows } from './retention-lab.ts';

type Act =
  | { readonly kind: 'night'; readonly rows: number; readonly rejects: number; readonly killedAt: number }
  | { readonly kind: 'plan'; readonly rows: number }
  | { readonly kind: 'decide'; readonly verdict: 'approved' | 'rejected' }
  | { readonly kind: 'wait'; readonly days: number };

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('night' as const),
      rows: fc.integer({ min: 1, max: 60 }),
      rejects: fc.constantFrom(0, 0, 1),
      killedAt: fc.integer({ min: 1, max: 60 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('plan' as const), rows: fc.integer({ min: 1, max: 60 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('decide' as const),
      verdict: fc.constantFrom('approved' as const, 'rejected' as const),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), days: fc.integer({ min: 0, max: 12 }) }) },
);

const keep = fc.record(
  {
    landing: fc.constantFrom('1d', '5d'),
    raw: fc.constant('1d'),
    changes: fc.constantFrom('1d', '8d'),
    current: fc.constantFrom('1d', '9d'),
  },
  { requiredKeys: ['landing', 'changes'] },
);

test('whatever happened and whatever went, all that production, runs and rows that wait need is there, and the next night finds it', async () => {
  await fc.assert(
    fc.asyncProperty(
      keep,
      fc.boolean(),
      fc.array(act, { minLength: 4, maxLength: 12 }),
      async (limits, whole, acts) => {
        const decided = new Set<string>();
        const lab = new RetentionLab(whole ? { ...limits, receipts: '10d' } : limits);
        for (const each of acts) {
          await play(lab, each);
          expect(await lab.broken()).toEqual([]);
          expect(await unreleasable(lab, decided)).toEqual([]);
        }
        lab.onRemove = () => {};
        lab.later(30);
        lab.rejects = 0;
        lab.content = rows(61);
        expect(await lab.plan()).toMatchObject({ error: null });
        expect(await lab.night()).toMatchObject({ error: null });
        expect(lab.said.join('\n')).not.toContain('read back');
      },
    ),
    { numRuns: isFull ? 150 : 12 },
  );
});

async function play(lab: RetentionLab, each: Act): Promise<void> {
  if (each.kind === 'wait') return lab.later(each.days);
  if (each.kind === 'plan') {
    lab.content = rows(each.rows);
    await lab.plan();
    return;
  }
  if (each.kind === 'decide') {
    const held = (await lab.ledger.runs({ feed: 'shop', limit: 100 })).find(({ state }) => state === 'held');
    if (!held) return;
    await lab.decide(held.run, each.verdict);
    if (each.verdict === 'approved') await lab.night(held.run).catch(() => {});
    return;
  }
  lab.later(1);
  lab.content = rows(each.rows);
  lab.rejects = each.rejects;
  let removals = 0;
  lab.onRemove = () => {
    removals += 1;
    if (removals === each.killedAt) throw new Error('killed');
  };
  await lab.night();
  lab.onRemove = () => {};
}

/** What a release of waiting rows would look for in vain. Counted out by hand, without the code that decides what stays. */
async function unreleasable(lab: RetentionLab, decided: Set<string>): Promise<string[]> {
  const missing: string[] = [];
  for (const { run } of await lab.ledger.quarantined({ feed: 'shop' })) {
    const since = await lab.ledger.publishedSince(run);
    const receipts = await Promise.all(
      since.map(({ run: { date, revision }, changeSet }) =>
        lab.inner.readText(`receipts/shop/${revision === 1 ? date : `${date}-r${revision}`}/diff/${changeSet}.json`),
      ),
    );
    const later = receipts.slice(1).map((text) => text && JSON.parse(text));
    if (later.some((receipt) => receipt && receipt.tables.items.rejects === null)) decided.add(runName(run));
    if (decided.has(runName(run))) continue;
    if (receipts.includes(null)) missing.push(`a receipt since ${runName(run)}`);
    const night = receipts[0] && JSON.parse(receipts[0]).tables.items;
    if (!night) continue;
    const manifest = await lab.inner.readText(night.snapshot);
    missing.push(...(await lab.missingFrom(`"${night.rejects}" ${manifest ?? `"${night.snapshot}"`}`)));
  }
  return missing;
}
