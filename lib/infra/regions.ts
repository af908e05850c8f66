import { NightfeedError } from '../core/errors.ts';
import { mayNeedJob } from '../core/feed/descriptors/engine-descriptor.ts';
import type { Feed } from '../core/feed/spec.ts';
import { engines } from '../engines/index.ts';
import type { Config } from './config.ts';

const america = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'ca-central-1',
  'ca-west-1',
  'mx-central-1',
  'sa-east-1',
];
const europe = [
  'eu-central-1',
  'eu-central-2',
  'eu-north-1',
  'eu-south-1',
  'eu-south-2',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
];
const asia = [
  ...['ap-east-1', 'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1', 'ap-south-2'],
  ...['ap-southeast-1', 'ap-southeast-2', 'ap-southeast-3', 'ap-southeast-4', 'ap-southeast-5', 'ap-southeast-7'],
];
const others = ['af-south-1', 'il-central-1', 'me-central-1', 'me-south-1'];
const commercial = [...america, ...europe, ...asia, ...others];
/** Taipei and New Zealand, which AWS opened last. */
const newest = ['ap-east-2', 'ap-southeast-6'];
const separate = ['cn-north-1', 'cn-northwest-1', 'us-gov-east-1', 'us-gov-west-1'];
const all = [...commercial, ...newest, ...separate];

const guide = 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/';
const endpoints = 'https://docs.aws.amazon.com/general/latest/gr/';

type Uses = (config: Config, feeds: readonly Feed[]) => boolean;

interface Service {
  readonly name: string;
  readonly regions: readonly string[];
  /** Where AWS says so. */
  readonly source: string;
  readonly isUsed: Uses;
}

/** When the pages of the sources were read. */
const REGIONS_AS_OF = 'November 2026';

/** Services that some regions lack. Lambda, S3, SNS and the others that a stage uses are in every region of this file. */
export const services: readonly Service[] = [
  {
    // No page names a region in which Fargate has only one of the two kinds of processor.
    name: 'Fargate with Linux containers',
    regions: [...commercial, ...separate],
    source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AWS_Fargate-Regions.html',
    isUsed: () => true,
  },
  {
    name: 'EventBridge Scheduler',
    regions: all,
    source: `${endpoints}eventbridgescheduler.html`,
    isUsed: () => true,
  },
  {
    name: 'Aurora serverless v2 for PostgreSQL',
    regions: [...commercial, 'ap-east-2', ...separate],
    source: `${guide}Concepts.Aurora_Fea_Regions_DB-eng.Feature.ServerlessV2.html`,
    isUsed: ({ database }) => database.existing === undefined,
  },
  {
    name: 'Glue',
    regions: all,
    source: `${endpoints}glue.html`,
    isUsed: (config, feeds) =>
      feeds.some((feed) => mayNeedJob(feed, engines)) || config.feeds.some((feed) => feed.catalog),
  },
  {
    name: 'Amazon Q Developer in chat applications (slack)',
    regions: commercial,
    source: 'https://docs.aws.amazon.com/chatbot/latest/adminguide/chatbot-regions.html',
    isUsed: ({ slack }) => slack !== undefined,
  },
];

/** Refuses a region that lacks what this stage needs. Throws REGION_LACKS with each service. */
export function checkRegion(config: Config, feeds: readonly { readonly feed: Feed }[]): void {
  const used = services.filter(({ isUsed }) =>
    isUsed(
      config,
      feeds.map(({ feed }) => feed),
    ),
  );
  const lacking = used.filter(({ regions }) => !regions.includes(config.region));
  if (lacking.length === 0) return;
  const faults = lacking.map(
    ({ name, source }) => `region ${config.region}: AWS lists no ${name} there (${source}, as of ${REGIONS_AS_OF})`,
  );
  throw new NightfeedError('REGION_LACKS', faults.join('\n'), {
    hint: 'Nothing was deployed. Choose another region in nightfeed.config.yaml. If AWS offers the service there by now, take a newer nightfeed.',
  });
}
