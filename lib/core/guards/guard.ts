import { entryOf } from '../entry-of.ts';
import { type Rule, rulesOf } from '../feed/rules/rule.ts';
import type { Feed } from '../feed/spec.ts';
import { type ArriveReceipt, countOf } from '../run/arrive-receipt.ts';
import type { DiffReceipt, TableDiff } from '../run/diff-receipt.ts';
import { baselineLimit, baselineOf, isUnusual } from './baseline.ts';
import type { Finding, GradedFinding } from './finding.ts';
import { isDeleteGuard } from './guard-names.ts';
import { type Measures, measure, type PastNight } from './measures.ts';
import { lateMetrics, type Metric, tableMetrics } from './metric.ts';
import { recordMetrics } from './record-metrics.ts';
import { schemaFindings } from './schema-findings.ts';
import { signFindings } from './sign-findings.ts';
import { suspendedFindings } from './suspended-findings.ts';
import { objectFindings } from './target-object.ts';

export interface Evidence {
  readonly feed: Feed;
  readonly date: string;
  readonly arrival: ArriveReceipt;
  readonly diff: DiffReceipt;
  /** Newest night first. */
  readonly past: readonly PastNight[];
}

export interface Verdict {
  readonly holds: readonly Finding[];
  /** Findings that only warn. */
  readonly warnings: readonly Finding[];
  readonly measures: Measures;
}

/** Evaluates a night: every reason to hold it or to warn, from its receipts and the measures of earlier nights alone. */
export function evaluate(evidence: Evidence): Verdict {
  const { feed, date, arrival, diff } = evidence;
  const measures = measure(feed, date, arrival, diff);
  const found: GradedFinding[] = [
    ...wrongCount(feed, arrival),
    ...resent(feed, diff),
    ...objectFindings(feed, diff),
    ...findings(lateMetrics(feed.guards, measures), null, evidence),
    ...Object.entries(diff.tables).flatMap(([table, numbers]) => {
      const { guards } = feed.tables[table]!;
      const metrics = tableMetrics(table, guards, numbers, measures.tables[table]!);
      return [
        ...emptied(table, numbers, guards.rows.limit?.[0]),
        ...allRejected(table, numbers, findings(metrics, table, evidence)),
        ...suspendedFindings(table, guards, numbers, date, evidence.past),
        ...brokenRules(table, numbers, rulesOf(feed.tables[table]!)),
        ...schemaFindings(table, numbers.schema, feed.tables[table]!.contract),
        ...findings(recordMetrics(table, guards, measures.tables[table]!), table, evidence),
        ...signFindings(table, numbers, feed.tables[table]!),
      ].map((finding) => ({ ...finding, hold: withPeople(finding.hold, guards.gone.people) }));
    }),
  ];
  const of = (severity: GradedFinding['severity']) =>
    found.filter((finding) => finding.severity === severity).map(({ hold }) => hold);
  return { holds: of('hold'), warnings: of('warn'), measures };
}

function findings(metrics: readonly Metric[], table: string | null, evidence: Evidence): GradedFinding[] {
  return metrics.flatMap((metric) => finding(metric, table, evidence));
}

/** Compares a metric with the feed file's limit and with its baseline. Of two findings the more serious one counts, the file's if both are equal. */
function finding(metric: Metric, table: string | null, { feed, date, past }: Evidence): GradedFinding[] {
  const { guard, column, value, side, unit, severity, learned, limit, leastSpread, option, about } = metric;
  const { after, nights, width } = feed.guards.learn;
  const seen = past.slice(0, nights).flatMap((night) => {
    const observed = metric.of(night.measures);
    return observed === undefined ? [] : [{ date: night.date, value: observed }];
  });
  const usual = learned === 'off' ? null : baselineOf(seen, date, { after, width, leastSpread });
  const basics = {
    table,
    guard,
    ...(column === undefined ? {} : { column }),
    value,
    unit,
    ...about,
    ...(usual ? { usual } : {}),
  };
  const found: GradedFinding[] = [];
  if (limit !== undefined && (side === 'drop' ? value < limit : value > limit))
    found.push({ severity, hold: { ...basics, limit, basis: 'fixed', ...(option ? { option } : {}) } });
  if (usual && learned !== 'off' && isUnusual(value, usual, side))
    found.push({ severity: learned, hold: { ...basics, limit: baselineLimit(usual, side), basis: 'learned' } });
  const gravest = found.find((each) => each.severity === 'hold') ?? found[0];
  return gravest ? [gravest] : [];
}

/** A snapshot without rows over a base with rows is always held. */
function emptied(table: string, { accepted, base }: TableDiff, lowest = 0): GradedFinding[] {
  if (accepted > 0 || base === 0) return [];
  return [{ severity: 'hold', hold: { table, guard: 'ROWCOUNT_DROP', value: -1, limit: lowest, unit: 'share' } }];
}

/** Adds to these findings: a first load of which every record is rejected would make an empty table. It is held, however few records it has. */
function allRejected(table: string, numbers: TableDiff, found: readonly GradedFinding[]): readonly GradedFinding[] {
  const { accepted, base, carried, filtered, rows } = numbers;
  if (base + carried + accepted > 0 || rows === 0 || filtered === rows) return found;
  const hold: Finding = { table, guard: 'REJECTED_LIMIT', value: (rows - filtered) / rows, limit: 0, unit: 'share' };
  return [...found.filter((each) => each.hold.guard !== 'REJECTED_LIMIT'), { severity: 'hold', hold }];
}

function brokenRules(table: string, { broken }: TableDiff, rules: readonly Rule[]): GradedFinding[] {
  return rules.flatMap(({ name, on_fail }) => {
    const value = entryOf(broken, name) ?? 0;
    if (value === 0 || (on_fail !== 'hold' && on_fail !== 'warn')) return [];
    const hold = { table, guard: 'RULE_BROKEN', rule: name, value, limit: 0, unit: 'count' } as const;
    return [{ severity: on_fail, hold }];
  });
}

/** Taken from today's feed file, so that a corrected `expect` frees a night that is held for it. */
function wrongCount({ expect }: Feed, { files }: ArriveReceipt): GradedFinding[] {
  const value = countOf(files);
  if (expect === undefined || value === expect) return [];
  const guard = value < expect ? 'FILES_MISSING' : 'FILES_EXTRA';
  return [{ severity: 'hold', hold: { table: null, guard, value, limit: expect, unit: 'count' } }];
}

/** One table with the same bytes as before is normal; all tables with the same bytes are a sign. */
function resent({ guards }: Feed, { tables }: DiffReceipt): GradedFinding[] {
  const all = Object.values(tables);
  if (!all.every((table) => table.resent)) return [];
  const hold: Finding = { table: null, guard: 'RESENT', value: all.length, limit: 0, unit: 'count' };
  return [{ severity: guards.resent, hold }];
}

function withPeople(hold: Finding, people: number): Finding {
  return people > 1 && isDeleteGuard(hold.guard) ? { ...hold, people } : hold;
}
