import { beforeEach, describe, expect, test } from 'vitest';
import { NightfeedError } from '../../lib/core/errors.ts';
import { type RunId, runName } from '../../lib/core/run/keys.ts';
import { runMessage } from '../../lib/core/run/message.ts';
import type { RunState } from '../../lib/core/run/state.ts';
import type { Claim, ClaimRequest } from '../../lib/ports/ledger/claims.ts';
import type { Owner } from '../../lib/ports/ledger/owner.ts';
import type { NightLedger } from '../support/in-memory/ledger.ts';
import { me } from '../support/postgres/target-lab.ts';

/** A ledger of which nothing is known yet but the feed `shop`, which `me` publishes. */
export interface LedgerLab {
  readonly ledger: NightLedger;
  /** Publishes a night of this date under a claim of its own. */
  publish(date: string): Promise<void>;
}

/** Whom a lab takes for dead. */
export const DEAD_PID = 666;

const somebody: Owner = { host: 'there', pid: 2, started: 'now' };
const dead: Owner = { host: 'there', pid: DEAD_PID, started: 'then' };
const date = '2026-11-20';
const first: RunId = { feed: 'shop', date, revision: 1 };

/** What every ledger does for nights; `start` is called within a test. */
export function ledgerConforms(kind: string, start: () => Promise<LedgerLab>): void {
  describe(`the ledger ${kind}`, () => {
    let lab: LedgerLab;
    beforeEach(async () => {
      lab = await start();
    });

    const claim = (more: Partial<ClaimRequest> = {}): Promise<Claim> =>
      lab.ledger.claim({ feed: 'shop', date, owner: me, feedHash: 'hash', folder: '/feeds', ...more });
    async function open(more: Partial<ClaimRequest> = {}) {
      const claimed = await claim(more);
      if (claimed.kind !== 'open') throw new Error(`the claim was ${claimed.kind}`);
      return claimed;
    }
    async function stop(run: RunId, fence: number, state: RunState, changeSet: string | null = null) {
      const error = state === 'failed' ? new NightfeedError('SOURCE_LOGIN', 'refused') : null;
      const message = runMessage({ run, state, changeSet, tables: {}, error });
      await lab.ledger.stop(run, fence, { state, error, holds: [], message });
    }
    const told = async () => (await lab.ledger.outbox()).map(({ id }) => id);

    test('keeps which files of a run are taken away, once, and what came of each, once', async () => {
      const file = {
        size: 5,
        modified: '2026-11-20T00:00:00.000Z',
        version: null,
        action: 'move',
        target: 'done',
      } as const;
      const { ledger } = lab;
      expect([await ledger.isPickupPlanned(first), await ledger.openPickups('shop')]).toEqual([false, []]);
      await ledger.planPickup(first, [
        { name: 'b.csv', ...file },
        { name: 'c.csv', ...file },
      ]);
      await ledger.planPickup(first, [{ name: 'b.csv', ...file, size: 9 }]);
      const open = async () => (await ledger.openPickups()).map(({ name, size, reason }) => [name, size, reason]);
      expect([await ledger.isPickupPlanned(first), await open()]).toEqual([
        true,
        [
          ['b.csv', 5, null],
          ['c.csv', 5, null],
        ],
      ]);
      expect((await ledger.openPickups('shop'))[0]).toEqual({ run: first, name: 'b.csv', ...file, reason: null });
      await ledger.notePickup(first, 'b.csv', null, 'denied');
      expect(await open()).toEqual([
        ['b.csv', 5, 'denied'],
        ['c.csv', 5, null],
      ]);
      await ledger.notePickup(first, 'b.csv', 'done', null);
      await ledger.notePickup(first, 'b.csv', null, 'gone by now');
      expect([await open(), await ledger.openPickups('other')]).toEqual([[['c.csv', 5, null]], []]);
    });

    test('keeps what each channel did with a message, until everybody has it', async () => {
      const { run, fence } = await open();
      await stop(run, fence, 'late');
      const id = `shop/${date}:late:-`;
      const waiting = async () => (await lab.ledger.outbox())[0];
      expect(await waiting()).toMatchObject({
        id,
        feedHash: 'hash',
        began: expect.any(Date),
        ended: expect.any(Date),
        told: {},
      });
      const tell = async (channel: string, refusal: string | null) => {
        const begun = await lab.ledger.beginTelling(id, channel);
        if (begun) await lab.ledger.endTelling(id, channel, refusal);
        return begun;
      };
      expect([await tell('mail', 'away'), await tell('mail', 'still away'), await tell('chat', null)]).toEqual([
        true,
        true,
        true,
      ]);
      // What a channel took it has for ever.
      expect(await tell('chat', 'away')).toBe(false);
      expect(await lab.ledger.beginTelling(id, 'pager')).toBe(true);
      expect(await lab.ledger.beginTelling(id, 'pager')).toBe(false);
      expect((await waiting())!.told).toMatchObject({
        mail: { attempts: 2, isTaken: false, refusal: 'still away' },
        chat: { attempts: 1, isTaken: true, refusal: null },
        pager: { attempts: 1, isTaken: false, refusal: null },
      });
      await lab.ledger.markSent(id);
      expect(await waiting()).toBeUndefined();
    });

    test('opens a date once, and again for the same owner under a higher fence', async () => {
      expect(await lab.ledger.nextRun('shop', date)).toEqual(first);
      expect(await claim()).toEqual({ kind: 'open', run: first, fence: 1 });
      expect(await claim()).toEqual({ kind: 'open', run: first, fence: 2 });
      expect(await lab.ledger.nextRun('shop', date)).toEqual({ ...first, revision: 2 });
      expect(await lab.ledger.find(first)).toMatchObject({
        state: 'running',
        fence: 2,
        abandoned: false,
        endedAt: null,
      });
      expect(await lab.ledger.find({ ...first, revision: 9 })).toBeNull();
    });

    test('is busy while somebody else lives, also with another date', async () => {
      await open({ owner: somebody });
      const busy = { run: first, owner: somebody };
      expect(await claim()).toEqual({ kind: 'busy', ...busy });
      expect(await claim({ date: '2026-11-21' })).toEqual({ kind: 'busy', ...busy });
      expect(await lab.ledger.busy('shop')).toEqual(busy);
      expect(await lab.ledger.busy('other')).toBeNull();
    });

    test.each([
      ['died', { owner: dead }],
      ['let its lease pass', { owner: somebody, lease: 0 }],
    ])('gives up a run whose owner %s', async (_how, more) => {
      await open(more);
      expect(await lab.ledger.find(first)).toMatchObject({ state: 'running', abandoned: true });
      expect(await lab.ledger.busy('shop')).toBeNull();
      expect(await claim()).toEqual({ kind: 'open', run: first, fence: 2 });
    });

    test('goes on with a run that failed, and keeps no error of it', async () => {
      const { run, fence } = await open();
      await stop(run, fence, 'failed');
      expect(await lab.ledger.find(run)).toMatchObject({ state: 'failed', error: { name: 'SOURCE_LOGIN' } });
      expect(await claim()).toEqual({ kind: 'open', run, fence: 2 });
      expect(await lab.ledger.find(run)).toMatchObject({ state: 'running', error: null, endedAt: null });
    });

    test('leaves a date that is over or held, until its next revision or that run is asked for', async () => {
      const { run, fence } = await open();
      await lab.ledger.note(run, fence, { listing: 'l', reading: 'r', changeSet: 'c' });
      await stop(run, fence, 'held', 'c');
      expect(await claim()).toMatchObject({ kind: 'settled', run, state: 'held', listing: 'l', reading: 'r' });
      expect(await claim({ resume: run })).toEqual({ kind: 'open', run, fence: 2 });
      await stop(run, 2, 'held', 'c');
      expect(await claim({ after: run })).toEqual({ kind: 'open', run: { ...run, revision: 2 }, fence: 1 });
      expect((await lab.ledger.find(run))!.state).toBe('superseded');
      expect(await told()).toEqual([`${runName(run)}:held:c`, `${runName(run)}:superseded:c`]);
      await expect(claim({ resume: { ...run, revision: 7 } })).rejects.toMatchObject({ name: 'RUN_UNKNOWN' });
    });

    test('refuses a date before the one that production holds', async () => {
      await lab.publish('2026-11-21');
      expect(await claim()).toEqual({ kind: 'older', run: first, applied: { ...first, date: '2026-11-21' }, fence: 1 });
      await stop(first, 1, 'refused');
      expect(await claim()).toMatchObject({ kind: 'older', run: first, fence: 2 });
      expect(await claim({ owner: somebody })).toMatchObject({ kind: 'older', run: first, fence: null });
    });

    test('merges what is noted of a run', async () => {
      const { run, fence } = await open();
      await lab.ledger.note(run, fence, { listing: 'l', tables: { a: { rows: 1, gone: 2 } } });
      await lab.ledger.note(run, fence, { changeSet: 'c', tables: { a: { rows: 3 }, b: 'text' } });
      await lab.ledger.noteSteps(run, fence, { claim: { began: `${date}T02:00:00Z`, ended: null, attempts: 1 } });
      expect(await lab.ledger.find(run)).toMatchObject({
        listing: 'l',
        changeSet: 'c',
        tables: { a: { rows: 3, gone: 2 }, b: 'text' },
        steps: { claim: { attempts: 1 } },
      });
    });

    test('lets nobody write under a fence that is not the run’s any more', async () => {
      const { run, fence } = await open();
      await open();
      const fenced = { name: 'FENCED' };
      await expect(lab.ledger.heartbeat(run, fence)).rejects.toMatchObject(fenced);
      await expect(lab.ledger.note(run, fence, { listing: 'x' })).rejects.toMatchObject(fenced);
      await expect(stop(run, fence, 'failed')).rejects.toMatchObject(fenced);
      await lab.ledger.heartbeat(run, 2);
      await stop(run, 2, 'late');
      await expect(lab.ledger.heartbeat(run, 2)).rejects.toMatchObject(fenced);
      await expect(stop(run, 2, 'failed')).rejects.toMatchObject(fenced);
    });

    test('keeps a message once, until it is sent', async () => {
      const { run, fence } = await open();
      await stop(run, fence, 'late');
      await stop(run, fence, 'late');
      const again = await open();
      await stop(run, again.fence, 'late');
      expect(await told()).toEqual([`${runName(run)}:late:-`]);
      await lab.ledger.markSent(`${runName(run)}:late:-`);
      expect(await told()).toEqual([]);
    });

    test('knows what production holds, and what was published when', async () => {
      expect(await lab.ledger.applied('shop')).toBeNull();
      expect(await lab.ledger.lastNight('shop')).toBeNull();
      for (const night of ['2026-11-18', '2026-11-19']) {
        const { run, fence } = await open({ date: night });
        await lab.ledger.note(run, fence, { listing: night, measures: { tables: {} } as never });
        await lab.publish(night);
      }
      const [early, late] = ['2026-11-18', '2026-11-19'].map((night) => ({ ...first, date: night }));
      expect(await lab.ledger.applied('shop')).toMatchObject({ run: late, tables: { catalog: { schema: 'shop' } } });
      expect(await lab.ledger.find(late!)).toMatchObject({ state: 'published', endedAt: expect.any(Date) });
      const runsOf = (rows: readonly { readonly run: RunId }[]) => rows.map(({ run }) => run);
      expect(runsOf(await lab.ledger.publishedSince(early!))).toEqual([early, late]);
      expect(runsOf(await lab.ledger.publishedSince(late!))).toEqual([late]);
      expect(runsOf(await lab.ledger.runs({ feed: 'shop', limit: 5 }))).toEqual([late, early]);
      expect(runsOf(await lab.ledger.runs({ limit: 1 }))).toEqual([late]);
      expect((await lab.ledger.lastNight('shop'))!.run).toEqual(late);
      expect((await lab.ledger.pastNights(first, 5)).map((night) => night.date)).toEqual(['2026-11-19', '2026-11-18']);
      expect((await lab.ledger.pastNights(late!, 5)).map((night) => night.date)).toEqual(['2026-11-18']);
      expect(await claim({ date: '2026-11-19' })).toMatchObject({ kind: 'settled', state: 'published' });
    });

    test('a publication supersedes what was left before it', async () => {
      const { run, fence } = await open();
      await stop(run, fence, 'held');
      await lab.publish('2026-11-21');
      expect((await lab.ledger.find(run))!.state).toBe('superseded');
      expect(await told()).toContain(`${runName(run)}:superseded:-`);
    });

    test('records decisions on a held run alone, and for its change set', async () => {
      const { run, fence } = await open();
      const decision = { changeSet: 'c', verdict: 'approved', guards: null, by: 'ann', reason: 'seen' } as const;
      const message = runMessage({ run, state: 'rejected', changeSet: 'c', tables: {} });
      const decide = (more: object = {}, of = run) => lab.ledger.decide(of, { ...decision, ...more }, message);
      await lab.ledger.note(run, fence, { changeSet: 'c' });
      await expect(decide()).rejects.toMatchObject({ name: 'NOT_HELD' });
      await stop(run, fence, 'held', 'c');
      await expect(decide({ changeSet: 'other' })).rejects.toMatchObject({ name: 'NOT_HELD' });
      await expect(decide({}, { ...run, revision: 5 })).rejects.toMatchObject({ name: 'RUN_UNKNOWN' });
      await decide();
      await decide({ by: 'bob', guards: ['MASS_DELETE'] });
      expect((await lab.ledger.approvals(run, 'c')).map(({ by, guards }) => [by, guards])).toEqual([
        ['ann', null],
        ['bob', ['MASS_DELETE']],
      ]);
      expect(await lab.ledger.approvals(run, 'other')).toEqual([]);
      await decide({ verdict: 'rejected' });
      expect((await lab.ledger.find(run))!.state).toBe('rejected');
      expect(await lab.ledger.decisions(run)).toHaveLength(3);
      expect(await told()).toContain(message.id);
    });

    test('remembers the lake of a feed, and forgets it', async () => {
      expect(await lab.ledger.lake('shop')).toBeNull();
      await lab.ledger.keepLake('shop', { id: '1', place: 'here' });
      await lab.ledger.keepLake('shop', { id: '2', place: 'there' });
      expect(await lab.ledger.lake('shop')).toEqual({ id: '2', place: 'there' });
      await lab.ledger.keepLake('shop', null);
      expect(await lab.ledger.lake('shop')).toBeNull();
    });
  });
}
