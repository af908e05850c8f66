import { createHash } from 'node:crypto';
import { columnsOf } from '../../core/feed/spec.ts';
import { runName } from '../../core/run/keys.ts';
import type { BegunNight, EndedNight } from '../../ports/telemetry.ts';

/** Where the data comes from and goes to, by OpenLineage's names of places. */
export interface Places {
  readonly job: string;
  readonly source: string;
  readonly database: string;
}

/** The event that a night begins. */
export function startEvent(night: BegunNight, places: Places) {
  return { ...event(night, 'START', night.at, places), inputs: [], outputs: outputsOf(night, places) };
}

/** The event that it ended: COMPLETE where production is up to date; ABORT where somebody has to decide, or another night did; else FAIL. */
export function endEvent(night: EndedNight, places: Places) {
  const { error, state, endedAt } = night;
  const known = event(night, kinds[state], endedAt, places);
  const fault = error && {
    errorMessage: {
      ...facet('1-0-1/ErrorMessageRunFacet.json#/$defs/ErrorMessageRunFacet'),
      message: `${error.name}: ${error.hint}`,
      programmingLanguage: 'nightfeed',
    },
  };
  return {
    ...known,
    run: { ...known.run, facets: { ...known.run.facets, ...fault } },
    inputs: inputsOf(night, places),
    outputs: outputsOf(night, places),
  };
}

const kinds = {
  running: 'RUNNING',
  published: 'COMPLETE',
  unchanged: 'COMPLETE',
  held: 'ABORT',
  late: 'FAIL',
  refused: 'FAIL',
  failed: 'FAIL',
  rejected: 'ABORT',
  superseded: 'ABORT',
} as const;

const PRODUCER = 'https://www.npmjs.com/package/nightfeed';
const SPEC = 'https://openlineage.io/spec';

function facet(schema: string) {
  return { _producer: PRODUCER, _schemaURL: `${SPEC}/facets/${schema}` };
}

function event(night: BegunNight, eventType: string, at: Date, { job }: Places) {
  const { run } = night;
  const day = new Date(`${run.date}T00:00:00Z`).toISOString();
  return {
    eventType,
    eventTime: at.toISOString(),
    producer: PRODUCER,
    schemaURL: `${SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent`,
    run: {
      runId: uuidOf(night),
      facets: {
        nominalTime: { ...facet('1-0-1/NominalTimeRunFacet.json#/$defs/NominalTimeRunFacet'), nominalStartTime: day },
      },
    },
    job: {
      namespace: job,
      name: run.feed,
      facets: {
        jobType: {
          ...facet('2-0-4/JobTypeJobFacet.json#/$defs/JobTypeJobFacet'),
          processingType: 'BATCH',
          integration: 'NIGHTFEED',
          jobType: 'NIGHT',
        },
      },
    },
  };
}

/** The vendor's files. Those that did not land are not told: nobody read them. */
function inputsOf({ files }: EndedNight, { source }: Places) {
  const sizes = new Map(
    Object.values(files)
      .flat()
      .map(({ name, size }) => [name, size]),
  );
  return [...sizes].map(([name, size]) => ({
    namespace: source,
    name: name.toWellFormed(),
    inputFacets: {
      inputStatistics: {
        ...facet('1-0-0/InputStatisticsInputDatasetFacet.json#/$defs/InputStatisticsInputDatasetFacet'),
        size,
        fileCount: 1,
      },
    },
  }));
}

/** Rows are told of what was published; of anything else, production has none. */
function outputsOf({ feed, ...night }: BegunNight & Partial<EndedNight>, { database }: Places) {
  return Object.entries(feed.tables).map(([name, table]) => {
    const found = night.state === 'published' ? night.tables?.[name] : undefined;
    const fields = columnsOf(table).map((column) => ({ name: column.name, type: String(column.type) }));
    return {
      namespace: database,
      name: `${feed.target.schema}.${name}`,
      facets: { schema: { ...facet('1-2-0/SchemaDatasetFacet.json#/$defs/SchemaDatasetFacet'), fields } },
      ...(found === undefined
        ? {}
        : {
            outputFacets: {
              outputStatistics: {
                ...facet('1-0-2/OutputStatisticsOutputDatasetFacet.json#/$defs/OutputStatisticsOutputDatasetFacet'),
                rowCount: found.inserted + found.updated + found.gone,
              },
            },
          }),
    };
  });
}

/** The same for the same try of a run, and for no other. */
function uuidOf({ run, fence, at }: BegunNight): string {
  const hex = createHash('sha256')
    .update(`${runName(run)} ${fence} ${at.toISOString()}`)
    .digest('hex');
  const variant = ((Number.parseInt(hex[16]!, 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
