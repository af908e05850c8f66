import { NightfeedError } from '../../../core/errors.ts';
import { isSameOrigin, type RunOrigin } from '../../../core/run/origin.ts';
import { isFinished } from '../../../core/run/state.ts';
import type { Claim, ReleaseRequest } from '../../../ports/ledger/claims.ts';
import type { Owner } from '../../../ports/ledger/owner.ts';
import { claimLimits } from '../connection/limits.ts';
import type { Connection } from '../connection/session.ts';
import { transaction } from '../connection/transaction.ts';
import { lockFeed, nextRun, open, reopen, runningRuns, type Standing, standing } from './claim.ts';

/**
 * A release has no date of its own. It is the next revision of what production holds, so it is newer than everything that was
 * published, and older than any delivery to come.
 */
export async function claimRelease(
  db: Connection,
  request: ReleaseRequest,
  isDead: (owner: Owner) => boolean,
): Promise<Extract<Claim, { kind: 'open' | 'busy' | 'settled' }>> {
  return transaction(db, claimLimits, async () => {
    const applied = await lockFeed(db, request.feed);
    if (!applied) throw new NightfeedError('RUN_UNKNOWN', `nothing of the feed ${request.feed} is published yet`);
    const busy = (await runningRuns(db, request.feed)).find(({ live, owner }) => live && !isDead(owner));
    if (busy) return { kind: 'busy', run: busy.run, owner: busy.owner };
    const later = await db.query<Standing & { origin: RunOrigin | null }>(
      `SELECT ${standing}, origin FROM nightfeed.run WHERE feed = $1 AND date = $2 AND revision > $3 ORDER BY revision DESC FOR UPDATE`,
      [applied.feed, applied.date, applied.revision],
    );
    const mine = later.find(({ state, origin }) => !isFinished(state) && isSameOrigin(origin, request.origin));
    if (mine) return reopen(db, request, mine);
    const held = later.find(({ state }) => state === 'held');
    if (held) return { kind: 'settled', run: held.run, state: 'held', listing: null, reading: null, endedAt: null };
    return open(db, request, await nextRun(db, applied));
  });
}
