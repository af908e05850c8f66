import { asNightfeedError, NightfeedError } from '../../core/errors.ts';
import type { DiffReceipt } from '../../core/run/diff-receipt.ts';
import { keys } from '../../core/run/keys.ts';
import type { LandedTable } from '../../core/run/pull-receipt.ts';
import type { SnapshotManifest } from '../../core/run/snapshot-manifest.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Kept } from '../run/receipts.ts';
import type { OpenRun } from '../run/run-request.ts';
import type { LostSnapshot } from './read-back-reason.ts';
import { checkChanges, checkParts, isLost } from './snapshot.ts';

/** Called when reading a base failed, because engines report lost objects in many ways. Tells which objects are missing or damaged. */
export async function lossOf(
  base: SnapshotManifest,
  thrown: unknown,
  ports: Pick<Ports, 'store'>,
): Promise<LostSnapshot | null> {
  const found = await checkParts(ports, base.files).then(
    () => null,
    (failure: unknown) => failure,
  );
  const loss = [found, thrown].find((each) => each !== null && isLost(each));
  if (loss !== undefined) return { kind: 'lost', what: asNightfeedError(loss).message };
  // Older versions kept no checksums of these, so it is unknown whether they are intact.
  const unsummed = [base.drops, base.carried].find((object) => object && object.sha256 === undefined);
  if (!unsummed) return null;
  const failure = asNightfeedError(thrown).message;
  return { kind: 'lost', what: `${unsummed.key} has no checksum, and comparing failed: ${failure}` };
}

/** The same for tonight's delivery, as an error that says what to do. */
export function damageOf(
  { run }: Pick<OpenRun, 'run'>,
  { files }: LandedTable,
  ports: Pick<Ports, 'store'>,
): Promise<NightfeedError | null> {
  const wayOut = `Remove ${keys.receipt(run, 'pull', '*')} from the lake, then run the same command again: the delivery is pulled anew.`;
  return damageFoundBy(() => checkParts(ports, files), wayOut);
}

/** The same for tonight's change set. */
export function damageOfChanges(
  { run }: Pick<OpenRun, 'run'>,
  { receipt, id }: Kept<DiffReceipt>,
  ports: Pick<Ports, 'store'>,
): Promise<NightfeedError | null> {
  const wayOut = `Remove ${keys.receipt(run, 'diff', id)} from the lake, then run the same command again: the change set is computed anew.`;
  return damageFoundBy(() => checkChanges(ports, receipt), wayOut);
}

async function damageFoundBy(check: () => Promise<void>, wayOut: string): Promise<NightfeedError | null> {
  try {
    await check();
    return null;
  } catch (thrown) {
    // When the lake cannot be read now, nothing is known about its objects.
    if (!isLost(thrown)) return null;
    const { name, message } = asNightfeedError(thrown);
    return new NightfeedError(name, message, { hint: `Production is untouched. ${wayOut}`, cause: thrown });
  }
}
