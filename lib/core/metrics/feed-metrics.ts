import { runStates } from '../run/state.ts';
import type { Family, Sample } from './exposition.ts';
import type { FeedNumbers } from './feed-numbers.ts';

/** What Prometheus is told of feeds. A number that is not known has no sample, and never that of an earlier night. */
export function feedMetrics(feeds: readonly FeedNumbers[]): Family[] {
  return [...metrics, ...tableMetrics, ...stepMetrics, ...storageMetrics].map(({ samplesOf, ...metric }) => ({
    ...metric,
    samples: feeds.flatMap((feed) =>
      samplesOf(feed).flatMap(({ labels, value }) =>
        value === null ? [] : [{ labels: { feed: feed.feed, ...labels }, value } satisfies Sample],
      ),
    ),
  }));
}

type Metric = Omit<Family, 'samples'> & {
  readonly samplesOf: (
    feed: FeedNumbers,
  ) => { readonly labels?: Record<string, string>; readonly value: number | null }[];
};

const gauge = (name: string, help: string, value: (feed: FeedNumbers) => number | null | undefined): Metric => ({
  name: `nightfeed_${name}`,
  type: 'gauge',
  help,
  samplesOf: (feed) => [{ value: value(feed) ?? null }],
});

const metrics: readonly Metric[] = [
  {
    name: 'nightfeed_run_ends_total',
    type: 'counter',
    help: 'Ends of runs by state, as many as the log of loads has.',
    samplesOf: ({ ends }) =>
      runStates.flatMap((state) => (ends[state] === undefined ? [] : [{ labels: { state }, value: ends[state] }])),
  },
  {
    name: 'nightfeed_last_run_state',
    type: 'gauge',
    help: 'The state of the newest end is 1, all others are 0.',
    samplesOf: ({ last }) =>
      last === null
        ? []
        : runStates
            .filter((state) => state !== 'running')
            .map((state) => ({ labels: { state }, value: state === last.state ? 1 : 0 })),
  },
  gauge(
    'last_good_timestamp_seconds',
    'When production was last brought up to date, or found to be.',
    ({ goodAt }) => goodAt,
  ),
  gauge('last_run_end_timestamp_seconds', 'When the newest end was.', ({ last }) => last?.endedAt),
  gauge('last_run_duration_seconds', 'What its try took, with the wait for the delivery.', ({ last }) => last?.seconds),
  gauge(
    'last_run_deadline_margin_seconds',
    'From its end to the deadline; negative when it was later.',
    ({ last }) => last?.marginSeconds,
  ),
  gauge('last_run_files', 'Files of its delivery.', ({ last }) => last?.files),
  gauge('last_run_size_bytes', 'Their size at the source.', ({ last }) => last?.bytes),
  gauge('runs_running', 'Runs that a process works on.', ({ running }) => running),
  gauge('runs_held', 'Runs that wait for a decision.', ({ held }) => held),
  gauge('messages_waiting', 'Messages that somebody has still to be told.', ({ untold }) => untold),
];

type Table = NonNullable<FeedNumbers['last']>['tables'][number];

const ofTables = (name: string, help: string, value: (table: Table) => number | null): Metric => ({
  name: `nightfeed_last_run_${name}`,
  type: 'gauge',
  help,
  samplesOf: ({ last }) =>
    (last?.tables ?? []).map((table) => ({ labels: { table: table.table }, value: value(table) })),
});

const tableMetrics: readonly Metric[] = [
  ofTables('rows', 'Records that came.', ({ rowsIn }) => rowsIn),
  ofTables('rejected_rows', 'Records that could not become rows.', ({ rejected }) => rejected),
  ofTables('filtered_rows', 'Records that the filters leave out.', ({ filtered }) => filtered),
  {
    name: 'nightfeed_last_run_changed_rows',
    type: 'gauge',
    help: 'Rows of the change set; in production when the state is published.',
    samplesOf: ({ last }) =>
      (last?.tables ?? []).flatMap(({ table, ...rows }) =>
        (['inserted', 'updated', 'gone'] as const).map((change) => ({
          labels: { table, change },
          value: rows[change],
        })),
      ),
  },
];

type Step = FeedNumbers['steps'][number];

const ofSteps = (name: string, help: string, value: (step: Step) => number | null): Metric => ({
  name: `nightfeed_step_${name}`,
  type: 'gauge',
  help,
  samplesOf: ({ steps }) => steps.map((step) => ({ labels: { step: step.step }, value: value(step) })),
});

const stepMetrics: readonly Metric[] = [
  ofSteps('duration_seconds', 'What a step of the newest run took.', ({ seconds }) => seconds),
  ofSteps('cpu_seconds', 'Processor time of the step.', ({ cpuSeconds }) => cpuSeconds),
  ofSteps('peak_memory_bytes', 'Most memory of its processes.', ({ peakMemoryBytes }) => peakMemoryBytes),
];

type Storage = FeedNumbers['storage'][number];

const ofStorage = (name: string, help: string, value: (storage: Storage) => number): Metric => ({
  name: `nightfeed_lake_${name}`,
  type: 'gauge',
  help,
  samplesOf: ({ storage }) =>
    storage.map((each) => ({ labels: { zone: each.zone, table: each.table ?? '' }, value: value(each) })),
});

const storageMetrics: readonly Metric[] = [
  ofStorage(
    'bytes',
    'What the lake holds, by zone and table; no table: what belongs to the feed.',
    ({ bytes }) => bytes,
  ),
  ofStorage('objects', 'Number of objects there.', ({ objects }) => objects),
];
