import { createHash, randomBytes } from 'node:crypto';
import { NightfeedError } from '../../../core/errors.ts';
import { quoteIdentifier } from '../../../core/feed/identifier.ts';
import { changeKinds, type StageKind } from '../../../core/run/diff-receipt.ts';
import { type RunId, runName } from '../../../core/run/keys.ts';
import { columnList, postgresType } from '../../../core/sql/dialects/postgres.ts';
import type { Publication } from '../../../ports/target.ts';
import { sqlState } from '../connection/errors.ts';
import { type Limits, ledgerLimits } from '../connection/limits.ts';
import type { Connection } from '../connection/session.ts';
import { transaction } from '../connection/transaction.ts';
import type { Target } from '../tables/target.ts';

/** Qualified names of a table's staging tables; a kind of change without rows has none. */
export type Stages = Readonly<Partial<Record<StageKind, string>>>;

/**
 * Copies a table's change set into unlogged staging tables with a key, and compares the counts with the receipt.
 * Throws PROOF_FAILED when the files and the receipt disagree.
 */
export async function stageTable(
  db: Connection,
  publication: Publication,
  target: Target,
  attempt: string,
  limits: Limits,
): Promise<Stages> {
  const diff = publication.receipt.tables[target.name]!;
  const stages: Partial<Record<StageKind, string>> = {};
  const kinds: readonly StageKind[] = target.keepsSome ? [...changeKinds, 'retained'] : changeKinds;
  for (const kind of kinds) {
    const expected = kind === 'retained' ? diff.gone : diff[kind];
    if (expected === 0) continue;
    const stage = stageName(
      publication.run,
      `${attempt}_${Object.keys(publication.receipt.tables).indexOf(target.name)}_${kind}`,
    );
    const fill = async () => {
      await db.script(createStage(stage, target));
      await db.copyIn(`COPY ${stage} (${columnList(target.columns)}) FROM STDIN`, publication.rows(target.name, kind));
      return seal(db, stage, target, kind);
    };
    const rows = await transaction(db, limits, fill);
    // The receipt does not know how many of the gone rows stay.
    if (kind === 'retained' ? rows > expected : rows !== expected) {
      throw new NightfeedError(
        'PROOF_FAILED',
        `${target.name}: the file of ${kind} rows has ${rows} rows; its receipt says ${expected}`,
      );
    }
    stages[kind] = stage;
  }
  return stages;
}

export const newAttempt = () => randomBytes(4).toString('hex');

/** Drops staging tables that earlier attempts of this login at the run left. `tidy` drops those that a dying backend still holds. */
export async function dropStagesOf(db: Connection, run: RunId): Promise<void> {
  const mine = (await stages(db)).filter(({ name, owned }) => owned && name.startsWith(`${prefixOf(run)}_`));
  await dropAll(db, mine, (name) => db.script(`DROP TABLE IF EXISTS ${qualify(name)}`));
}

/** Drops every staging table whose run is not at work, by the owner's function, because others may have made it. */
export async function tidyStages(db: Connection): Promise<void> {
  await dropAll(db, await stages(db), (name) => db.query('SELECT nightfeed.drop_stage($1)', [name]));
}

const PREFIX_LENGTH = 16;
const DROP_LIMITS: Limits = { ...ledgerLimits, lockMs: 1000 };

/** A hash, because feed, date and table together may be longer than a name. */
function prefixOf(run: RunId): string {
  return createHash('sha256').update(runName(run)).digest('hex').slice(0, PREFIX_LENGTH);
}

function stageName(run: RunId, rest: string): string {
  return qualify(`${prefixOf(run)}_${rest}`);
}

const qualify = (name: string) => `nightfeed_stage.${quoteIdentifier(name)}`;

function createStage(stage: string, { columns }: Target): string {
  const definitions = columns.map(({ name, type }) => `${quoteIdentifier(name)} ${postgresType(type)}`);
  return `CREATE UNLOGGED TABLE ${stage} (${definitions.join(', ')})`;
}

/** The key makes a change set with a repeated row fail here, and lets the change read the rows in key order. */
async function seal(db: Connection, stage: string, { name, keys }: Target, kind: StageKind): Promise<number> {
  try {
    const [count] = await db.script<{ rows: number }>(
      `ALTER TABLE ${stage} ADD PRIMARY KEY (${columnList(keys)}); SELECT count(*)::float8 AS rows FROM ${stage}`,
    );
    return count!.rows;
  } catch (error) {
    if (!sqlState(error).startsWith('23')) throw error;
    throw new NightfeedError('PROOF_FAILED', `${name}: the file of ${kind} rows has a key twice or a key of null`, {
      cause: error,
    });
  }
}

/** The list is empty without the schema, which comes with the ledger. */
function stages(db: Connection): Promise<{ name: string; owned: boolean }[]> {
  return db.script(
    `SELECT relname AS name, pg_has_role(relowner, 'USAGE') AS owned FROM pg_class
     WHERE relnamespace = to_regnamespace('nightfeed_stage') AND relkind = 'r'`,
  );
}

/** Drops each table separately, so that one failure does not stop the others. The failure is thrown at the end, unless the table is only locked. */
async function dropAll(
  db: Connection,
  found: readonly { name: string }[],
  drop: (name: string) => Promise<unknown>,
): Promise<void> {
  let failure: NightfeedError | undefined;
  for (const { name } of found) {
    await transaction(db, DROP_LIMITS, () => drop(name)).catch((error) => {
      if (db.lost || !(error instanceof NightfeedError)) throw error;
      if (error.name !== 'DATABASE_LOCKED') failure ??= error;
    });
  }
  if (failure) throw failure;
}
