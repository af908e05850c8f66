import { repeatsOf } from '../../core/diff/repeats.ts';
import { NightfeedError } from '../../core/errors.ts';
import type { LandedFile } from '../../core/run/pull-receipt.ts';
import type { EngineInput } from '../../ports/comparison.ts';
import { Unsuitable } from '../common/unsuitable.ts';
import type { Comparison, LocalFiles } from './comparison.ts';
import { type Joined, joinRows, type Objection } from './join-rows.ts';
import { loadWithoutRejects } from './load-without-rejects.ts';
import type { Inputs } from './plan-inputs.ts';
import { writeRejects } from './rejects/rejects.ts';
import { sampleRejects } from './samples.ts';
import type { DuckDbSession } from './session.ts';

/** Runs the diff plan over a whole table. The answer is Unsuitable when the objection finds a reason. */
export async function compare(
  session: DuckDbSession,
  input: EngineInput,
  inputs: Inputs,
  scratch: string,
  object?: Objection,
): Promise<Comparison | Unsuitable> {
  if (input.base === null) {
    const loaded = await loadWithoutRejects(session, input, inputs, scratch);
    if (loaded) return loaded;
  }
  const joined = await joinRows(session, { ...input, reading: input.next.reading }, inputs, scratch, object);
  return joined instanceof Unsuitable ? joined : report(session, input, inputs, joined, scratch);
}

/** Checks that every base row is explained, and finds the rejected records again. */
export async function report<Files>(
  session: DuckDbSession,
  input: EngineInput,
  { matched, filteredBase, locate, recordNumber }: Pick<Inputs, 'matched' | 'filteredBase' | 'locate' | 'recordNumber'>,
  { values, rejected, samples, repeats: counted, ...joined }: Joined<Files>,
  scratch: string,
): Promise<Comparison<Files & LocalFiles>> {
  const filtered = await filteredAmongMatched(session, input, filteredBase);
  const found = {
    ...joined,
    accepted: joined.accepted + matched - filtered,
    filtered: joined.filtered + filtered,
  };
  checkBase(input, found);
  const located = { rejected, collapsed: joined.collapsed, located: locate(values), recordNumber };
  const rejects = await writeRejects(session, input, located, scratch);
  const repeats = counted && repeatsOf(counted, input.next.landed.files.map(sizeOf));
  return {
    ...found,
    ...(repeats ? { repeats } : {}),
    rejected: rejects.counts,
    ...(rejects.byFile ? { rejectedIn: rejects.byFile } : {}),
    samples: {
      ...samples,
      rejected: await sampleRejects(session, rejects.files.rejects),
      ...(rejects.unreadable ? { unreadable: rejects.unreadable } : {}),
    },
    files: { ...found.files, ...rejects.files },
  };
}

function sizeOf({ name, parts }: LandedFile) {
  return { name, rows: parts.reduce((sum, { rows }) => sum + rows, 0) };
}

/** How many matched records the filters exclude: those that they excluded in the base, less the unmatched ones. */
async function filteredAmongMatched(
  session: DuckDbSession,
  { base }: EngineInput,
  filteredBase: Inputs['filteredBase'],
): Promise<number> {
  if (filteredBase === null) return 0;
  const [unmatched] = await session.run(filteredBase);
  return (base?.filtered ?? 0) - Number(unmatched!.n);
}

type Numbers = 'accepted' | 'inserted' | 'gone' | 'carried' | 'suspended';

/** Every base row is unchanged, updated, gone or carried. Any other sum means that a key occurs twice in the base, or that a row was lost. */
function checkBase({ base, table }: EngineInput, found: Pick<Joined, Numbers>): void {
  const explained = found.accepted - found.inserted + found.gone + found.carried + found.suspended;
  const expected = base?.fingerprint.rows ?? 0;
  if (explained === expected) return;
  throw new NightfeedError(
    'ENGINE_DISAGREES',
    `${table}: the base holds ${expected} rows, the comparison explains ${explained}`,
  );
}
