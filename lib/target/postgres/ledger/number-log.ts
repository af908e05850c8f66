import type { RunId } from '../../../core/run/keys.ts';
import type { LakeSize } from '../../../core/run/lake-size.ts';
import type { EndedStep } from '../../../core/run/step-use.ts';
import type { Connection } from '../connection/session.ts';
import { ifWriter } from './ledger-version.ts';
import { placeOf } from './runs.ts';

/** What a run came to is no statement of ours: the ledger writes it in the one that ends the run. */
export async function logStep(db: Connection, run: RunId, fence: number, step: EndedStep): Promise<void> {
  await db.query(`SELECT ${ifWriter('nightfeed.log_step($1, $2, $3, $4, $5)')}`, [...placeOf(run), fence, step]);
}

export async function logStorage(db: Connection, run: RunId, sizes: readonly LakeSize[]): Promise<void> {
  await db.query(`SELECT ${ifWriter('nightfeed.log_storage($1, $2, $3, $4)')}`, [...placeOf(run), sizes]);
}
