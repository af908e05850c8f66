import { asNightfeedError, NightfeedError } from '../core/errors.ts';
import { keys } from '../core/run/keys.ts';
import type { LandedTable, SnapshotManifest } from '../core/run/receipt.ts';
import type { OpenRun } from './order.ts';
import type { Ports } from './ports.ts';
import { checkParts, isLost } from './snapshot.ts';

/** What of a base is gone or damaged, when something failed that read it: engines say it in many ways. */
export async function lossOf(base: SnapshotManifest, thrown: unknown, ports: Ports): Promise<string | null> {
  const found = await checkParts(ports, base.files).then(
    () => null,
    (failure: unknown) => failure,
  );
  const loss = [found, thrown].find((each) => each !== null && isLost(each));
  if (loss !== undefined) return asNightfeedError(loss).message;
  // An older version left no checksums of these: that they are sound cannot be said.
  const unsummed = [base.drops, base.carried].find((object) => object && object.sha256 === undefined);
  return unsummed ? `${unsummed.key} has no checksum, and comparing failed: ${asNightfeedError(thrown).message}` : null;
}

/** The same of tonight's delivery, with what to do. */
export async function damageOf(
  { run }: Pick<OpenRun, 'run'>,
  { files }: LandedTable,
  ports: Ports,
): Promise<NightfeedError | null> {
  try {
    await checkParts(ports, files);
    return null;
  } catch (thrown) {
    // A lake that cannot be read now says nothing about what is in it.
    if (!isLost(thrown)) return null;
    const { name, message } = asNightfeedError(thrown);
    const hint = `Production is untouched. Remove ${keys.receipt(run, 'pull', '*')} from the lake, then run the same command again: the delivery is pulled anew.`;
    return new NightfeedError(name, message, { hint, cause: thrown });
  }
}
