/**
 * What CloudWatch documents of alarms, as far as the templates use it (the user guide's pages on metric math and on evaluating alarms,
 * read in November 2026): a period without data has no value; arithmetic has a value only where both sides have one; FILL gives the
 * missing ones a value; functions over METRICS() leave them out; an alarm rings when all of its last periods breach the threshold.
 */
export interface AlarmProperties {
  readonly Metrics?: readonly MetricQuery[];
  readonly ComparisonOperator: string;
  readonly Threshold: number;
  readonly EvaluationPeriods: number;
  readonly TreatMissingData: string;
}

interface MetricQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: {
    readonly Metric: { readonly MetricName: string; readonly Dimensions?: unknown };
    readonly Period: number;
    readonly Stat: string;
  };
  readonly ReturnData?: boolean;
}

/** Seconds, and what was counted then. */
export interface Datapoint {
  readonly at: number;
  readonly metric: string;
  /** Part of the metric's dimensions, where several have its name. */
  readonly of?: string;
  readonly value: number;
}

type Series = readonly (number | undefined)[];

/** Whether the alarm rings at a time, by what was counted until then. */
export function rings(alarm: AlarmProperties, data: readonly Datapoint[], now: number): boolean {
  const queries = alarm.Metrics!;
  const period = queries.find(({ MetricStat }) => MetricStat)!.MetricStat!.Period;
  const known = new Map<string, Series>();
  for (const { Id, MetricStat } of queries)
    if (MetricStat) known.set(Id, seriesOf(MetricStat, data, { now, period, periods: alarm.EvaluationPeriods }));
  const { Expression } = queries.find(({ ReturnData = true }) => ReturnData)!;
  const result = evaluate(Expression!, known, alarm.EvaluationPeriods);
  const isMissingBad = { breaching: true, notBreaching: false }[alarm.TreatMissingData]!;
  const breaches = {
    LessThanThreshold: (value: number) => value < alarm.Threshold,
    GreaterThanOrEqualToThreshold: (value: number) => value >= alarm.Threshold,
  }[alarm.ComparisonOperator]!;
  return result.every((value) => (value === undefined ? isMissingBad : breaches(value)));
}

interface Window {
  readonly now: number;
  readonly period: number;
  readonly periods: number;
}

/** The last periods, oldest first. */
function seriesOf(
  { Metric, Stat }: NonNullable<MetricQuery['MetricStat']>,
  data: readonly Datapoint[],
  { now, period, periods }: Window,
): Series {
  if (Stat !== 'Sum') throw new Error(`the model knows no statistic ${Stat}`);
  const dimensions = JSON.stringify(Metric.Dimensions ?? []);
  const ours = data.filter(({ metric, of = '' }) => metric === Metric.MetricName && dimensions.includes(of));
  return Array.from({ length: periods }, (_, index) => {
    const start = now - (periods - index) * period;
    const within = ours.filter(({ at }) => at >= start && at < start + period);
    return within.length === 0 ? undefined : within.reduce((sum, { value }) => sum + value, 0);
  });
}

/** A sum of terms, each a metric, `FILL(metric, number)` or `SUM(METRICS("part of an id"))`. */
function evaluate(expression: string, known: ReadonlyMap<string, Series>, periods: number): Series {
  return expression
    .split(' + ')
    .map((term) => termOf(term, known, periods))
    .reduce((sum, term) => sum.map((value, at) => plus(value, term[at])));
}

function termOf(term: string, known: ReadonlyMap<string, Series>, periods: number): Series {
  const [, filled, value] = /^FILL\((\w+), (\d+)\)$/.exec(term) ?? [];
  if (filled !== undefined) return known.get(filled)!.map((each) => each ?? Number(value));
  const [, part] = /^SUM\(METRICS\("(\w+)"\)\)$/.exec(term) ?? [];
  if (part === undefined && !known.has(term)) throw new Error(`the model cannot read ${term}`);
  if (part === undefined) return known.get(term)!;
  const all = [...known].filter(([id]) => id.includes(part)).map(([, series]) => series);
  return Array.from({ length: periods }, (_, at) => {
    const values = all.flatMap((series) => series[at] ?? []);
    return values.length === 0 ? undefined : values.reduce((sum, each) => sum + each, 0);
  });
}

function plus(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : one + other;
}
