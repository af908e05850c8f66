import { nullable } from '../../diff/null-counts.ts';
import { quoteIdentifier, quoteLiteral } from '../../feed/identifier.ts';
import type { ReadingSpec } from '../../feed/reading-spec.ts';
import { rejectNames } from '../../feed/reject-names.ts';
import type { Column } from '../../feed/spec.ts';
import type { SqlDialect } from '../dialects/dialect.ts';
import { type DiffPlan, diffPlan } from './diff-plan.ts';
import { nullCountSql } from './null-count-sql.ts';
import { rowSql } from './row-sql.ts';

/** Relations of the rows that a publication left undecided; null if there are none. */
export type Undecided =
  /** `kept` holds typed keys, `rejected` a `key` text. */
  | { readonly kind: 'night'; readonly kept: string | null; readonly rejected: string | null }
  /** Relations of typed keys that it wrote. */
  | { readonly kind: 'release'; readonly changed: readonly string[] };

interface ReleasePlan
  extends Pick<DiffPlan, 'steps' | 'fingerprints' | 'nulls' | 'samples' | 'numbers' | 'broken' | 'brokenSamples'> {
  /** Steps from records to accepted and rejected ones. */
  readonly reading: DiffPlan['steps'];
  readonly outputs: Readonly<Record<'inserted' | 'updated' | 'carried' | 'rejects', string>>;
}

/**
 * Reads quarantined records again. The engine provides `next_records` and `next_malformed` as for the diff, over all records
 * that wait, `waiting(ord, …)` as they wait with `places(part, ord, waiting, selected)`, `base_rows(c0…)` and
 * `carried_rows(c0…)`, the part of the base that is not a record of its delivery.
 *
 * A row is written only if nothing decided on it since it was rejected: production holds only a version that
 * every publication since carried, or none, and every publication since rejected it.
 */
export function releasePlan(
  sql: SqlDialect,
  {
    columns,
    spec,
    since,
    whole,
  }: {
    columns: readonly Column[];
    /** Today's reading spec. */
    spec: ReadingSpec;
    since: readonly Undecided[];
    whole: boolean;
  },
): ReleasePlan {
  const { all, keys, compared, list, sameKey, text } = rowSql(sql, columns);
  const exists = (relation: string | null) =>
    relation === null ? 'false' : `EXISTS (SELECT 1 FROM ${relation} u WHERE ${sameKey('u', 'a')})`;
  const undecided = since.map((each, index) => {
    if (each.kind === 'release')
      return each.changed.map((relation) => `NOT ${exists(relation)}`).join(' AND ') || 'true';
    // A row that the run rejected and that production does not have was new in that run.
    const again =
      each.rejected === null ? 'false' : `EXISTS (SELECT 1 FROM ${each.rejected} u WHERE u.key = a.key_text)`;
    return `CASE WHEN h.present IS NOT NULL THEN ${exists(each.kept)} ELSE ${index === 0 ? 'true' : again} END`;
  });
  const differ = compared
    .filter((column) => !column.key)
    .map(({ c }) => `a.${c} IS DISTINCT FROM h.${c}`)
    .join(' OR ');
  const plan = diffPlan(sql, { columns, reading: spec, whole: false, judgeAll: false, first: false, isPart: true });
  const flags = (alias: string, prefix = '') =>
    plan.flags.map((b) => `, ${alias}${b}${prefix && ` AS ${prefix}${b}`}`).join('');
  const reading = plan.steps.slice(0, plan.steps.findIndex(({ name }) => name === 'rejected') + 1);
  const names = all.map(({ c, name }) => `${c} AS ${quoteIdentifier(name)}`).join(', ');
  const released = `SELECT ${list('')} FROM verdicts WHERE verdict IN ('inserted', 'updated')`;
  const stays = (rows: string) =>
    `SELECT ${list('')} FROM ${rows} b WHERE NOT EXISTS (SELECT 1 FROM verdicts a WHERE verdict = 'updated' AND ${sameKey('a', 'b')})`;
  const everything = `(${stays('base_rows')} UNION ALL ${released}) everything`;

  return {
    reading,
    steps: [
      {
        name: 'asked',
        kind: 'table',
        select: `SELECT p.waiting, ${list('a.')}${flags('a.')}, ${text('a.', keys)} AS key_text
FROM accepted a JOIN places p ON p.part = a.part AND p.ord = a.ord WHERE p.selected`,
      },
      {
        name: 'held',
        kind: 'table',
        select: `SELECT 1 AS present, ${list('b.')} FROM base_rows b WHERE EXISTS (SELECT 1 FROM asked a WHERE ${sameKey('a', 'b')})`,
      },
      {
        name: 'verdicts',
        kind: 'table',
        select: `SELECT a.waiting, ${list('a.')}${flags('a.')}, CASE
  WHEN h.present IS NOT NULL AND NOT (${differ || 'false'}) THEN 'there'
  WHEN NOT (${undecided.join(' AND ')}) THEN 'newer'
  WHEN h.present IS NOT NULL THEN 'updated' ELSE 'inserted' END AS verdict
FROM asked a LEFT JOIN held h ON ${sameKey('h', 'a')}`,
      },
      // From here on the diff's own statements apply: the released rows are all that differs.
      {
        name: 'changed',
        kind: 'table',
        select: `SELECT 1 AS in_next, h.present AS in_base, ${all.map(({ c }) => `a.${c} AS n_${c}, h.${c} AS b_${c}`).join(', ')}${flags('a.', 'n_')}
FROM verdicts a LEFT JOIN held h ON ${sameKey('h', 'a')} WHERE a.verdict IN ('inserted', 'updated')`,
      },
      { name: 'missing', kind: 'view', select: 'SELECT *, false AS kept FROM changed WHERE false' },
      { name: 'suspension', kind: 'view', select: 'SELECT false AS suspended' },
      {
        name: 'reasons',
        kind: 'table',
        select: `SELECT p.waiting, r.code, r.col FROM rejected r JOIN places p ON p.part = r.part AND p.ord = r.ord WHERE p.selected
UNION ALL SELECT waiting, code, NULL FROM still_malformed`,
      },
      {
        name: 'staying',
        kind: 'table',
        select: `SELECT w.ord, coalesce(r.code, w.code) AS code, CASE WHEN r.code IS NULL THEN w."column" ELSE n.name END AS "column",
  w."key", w.file, w.object, w."offset", w."length", w.raw
FROM waiting w LEFT JOIN reasons r ON r.waiting = w.ord
LEFT JOIN (VALUES ${[...rejectNames(spec)]
          .map(([col, name]) => `('${col}', ${quoteLiteral(name)})`)
          .join(', ')}) n (col, name) ON n.col = r.col
WHERE r.code IS NOT NULL OR NOT w.selected`,
      },
    ],
    outputs: {
      inserted: plan.outputs.inserted,
      updated: plan.outputs.updated,
      carried: `SELECT ${names} FROM (${stays('carried_rows')} UNION ALL ${released}) kept`,
      rejects: `SELECT code, "column", "key", file, object, "offset", "length", raw FROM staying ORDER BY ord`,
    },
    numbers: `SELECT (SELECT count(*) FROM waiting WHERE selected) AS records,
  (SELECT count(*) FROM verdicts WHERE verdict = 'inserted') AS inserted, (SELECT count(*) FROM verdicts WHERE verdict = 'updated') AS updated,
  (SELECT count(*) FROM verdicts WHERE verdict = 'newer') AS newer,
  (SELECT count(*) FROM carried_rows) AS carried_before, (SELECT count(*) FROM (${stays('carried_rows')}) s) AS carried_stay`,
    fingerprints: {
      ...plan.fingerprints,
      ...(whole ? { whole: sql.fingerprint(`(SELECT ${text('', compared)} AS t FROM ${everything}) rows_all`) } : {}),
    },
    nulls: {
      ...plan.nulls,
      ...(whole
        ? {
            whole: nullCountSql(
              nullable(all).map(({ c }) => ({ c, sql: c })),
              everything,
            ),
          }
        : {}),
    },
    samples: plan.samples,
    broken: plan.broken,
    brokenSamples: plan.brokenSamples,
  };
}
