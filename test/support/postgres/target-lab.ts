import postgres from 'postgres';
import { onTestFinished } from 'vitest';
import type { Row } from '../../../lib/core/diff/row.ts';
import type { RunId } from '../../../lib/core/run/keys.ts';
import { type Feed, feedSchema } from '../../../lib/feed-file/feed.ts';
import type { Claim, ClaimRequest } from '../../../lib/ports/ledger/claims.ts';
import type { Ledger } from '../../../lib/ports/ledger/ledger.ts';
import type { Owner } from '../../../lib/ports/ledger/owner.ts';
import type { Publication, Target } from '../../../lib/ports/target.ts';
import type { TargetOptions } from '../../../lib/target/postgres/connection/options.ts';
import type { Address } from '../../../lib/target/postgres/connection/session.ts';
import { postgresTarget } from '../../../lib/target/postgres/postgres-target.ts';
import { freshDatabase, type PostgresVersion } from './postgres.ts';
import { publicationOf } from './publication.ts';

export const me: Owner = { host: 'here', pid: 1, started: 'now' };

/** A feed named `shop` into schema `shop`. */
export function shopFeed(tables: Record<string, unknown>): Feed {
  return feedSchema.parse({ feed: 'shop', source: { folder: '.' }, target: { schema: 'shop' }, tables });
}

export const catalog = {
  files: '*.csv',
  columns: { id: { type: 'integer', key: true }, title: 'text', price: 'decimal(12,2)' },
};

type Tables = Readonly<Record<string, readonly Row[]>>;

export interface Lab {
  readonly url: string;
  readonly feed: Feed;
  readonly ledger: Ledger;
  readonly target: Target;
  /** Somebody else's connections. */
  readonly sql: postgres.Sql;
  /** Another process on the same database, or over another way to it. */
  another(options?: Partial<TargetOptions>, address?: Address): { readonly ledger: Ledger; readonly target: Target };
  open(date: string, more?: Partial<ClaimRequest>): Promise<Extract<Claim, { kind: 'open' }>>;
  /** The change set from what was published last to these rows, for a run that it opens. */
  publication(date: string, next: Tables): Promise<Publication>;
  /** Publishes these rows and remembers them as the base. */
  night(date: string, next: Tables): ReturnType<Target['publish']>;
  /** What a table holds, in key order. */
  rows(table: string, columns?: string): Promise<Record<string, unknown>[]>;
}

/** A database of its own with the feed's tables, gone when the test ends. */
export async function targetLab(
  version: PostgresVersion,
  feed: Feed,
  options: Partial<TargetOptions> = {},
): Promise<Lab> {
  const database = await freshDatabase(version);
  const sql = postgres(database.url, { onnotice: () => {}, fetch_types: false, max: 4 });
  const closing: (() => Promise<void>)[] = [];
  onTestFinished(async () => {
    await sql.end();
    await Promise.all(closing.map((close) => close()));
    await database.drop();
  });

  const another: Lab['another'] = (more = {}, address = database.url) => {
    const { close, ...ports } = postgresTarget(address, { isDead: () => false, reach: async () => {}, ...more });
    closing.push(close);
    return ports;
  };
  const { ledger, target } = another(options);
  await target.migrate(feed);

  let base: Tables = {};
  const open: Lab['open'] = async (date, more = {}) => {
    const claimed = await ledger.claim({
      feed: feed.feed,
      date,
      owner: me,
      feedHash: 'feed-hash',
      folder: '/feeds',
      ...more,
    });
    if (claimed.kind !== 'open') throw new Error(`claim of ${date} was ${JSON.stringify(claimed)}`);
    return claimed;
  };
  const publication: Lab['publication'] = async (date, next) => {
    const { run, fence } = await open(date);
    const applied = await ledger.applied(feed.feed);
    const tables = Object.fromEntries(
      Object.entries(next).map(([name, rows]) => [name, { base: base[name] ?? [], next: rows }]),
    );
    const objects = await target.targetObjects(feed);
    return publicationOf({
      feed,
      run,
      fence,
      base: applied?.delivery ?? null,
      delivery: deliveryOf(run),
      tables,
      objects,
    });
  };
  return {
    url: database.url,
    feed,
    ledger,
    target,
    sql,
    another,
    open,
    publication,
    async night(date, next) {
      const outcome = await target.publish(await publication(date, next));
      base = { ...base, ...next };
      return outcome;
    },
    rows: async (table, columns = '*') => [...(await sql.unsafe(`SELECT ${columns} FROM shop.${table} ORDER BY 1`))],
  };
}

const deliveryOf = ({ date, revision }: RunId) => `${date}-r${revision}`;
