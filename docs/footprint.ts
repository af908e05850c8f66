/** How many of a thing a stage has once, and how many each feed adds. */
export interface Count {
  readonly once: number;
  readonly each: number;
}

/** What the page counts in the templates. */
export interface Footprint {
  readonly counts: Readonly<Record<QuotaName, Count>>;
  /** Of one feed. */
  readonly functions: number;
  readonly largestStack: number;
  readonly metricFilters: number;
  readonly metricsOfAlarms: number;
}

const general = 'https://docs.aws.amazon.com/general/latest/gr/';

/** AWS's quotas, for an account and region; IAM's for the account. */
const quotas = {
  'IAM roles': { quota: 1_000, source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html' },
  'managed policies': {
    quota: 1_500,
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html',
  },
  'rules on the default bus': {
    quota: 300,
    source: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html',
  },
  dashboards: {
    quota: 500,
    source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html',
  },
  alarms: {
    quota: 5_000,
    source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html',
  },
  stacks: { quota: 2_000, source: `${general}cfn.html` },
  'ECS clusters': { quota: 10_000, source: `${general}ecs-service.html` },
  'KMS keys': { quota: 100_000, source: 'https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html' },
  'SNS topics': { quota: 100_000, source: `${general}sns.html` },
  secrets: { quota: 500_000, source: `${general}asm.html` },
  'log groups': { quota: 1_000_000, source: `${general}cwl_region.html` },
  schedules: {
    quota: 10_000_000,
    source: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html',
  },
} as const;

export type QuotaName = keyof typeof quotas;

const FEEDS = [50, 200, 500] as const;

/** The page of what a feed makes in an account; test/docs/footprint.long.test.ts counts, and writes it with `-u`. */
export function footprintPage({ counts, ...found }: Footprint): string {
  const names = Object.keys(quotas) as QuotaName[];
  const number = (count: number) => count.toLocaleString('en');
  const total = ({ once, each }: Count, feeds: number) => once + feeds * each;
  const row = (name: QuotaName) => {
    const { quota, source } = quotas[name];
    const at = FEEDS.map((feeds) => total(counts[name], feeds)).map((sum) =>
      sum > quota ? `**${number(sum)}**` : number(sum),
    );
    return `| ${name} | ${counts[name].each} | ${counts[name].once} | ${at.join(' | ')} | [${number(quota)}](${source}) |`;
  };
  const roles = counts['IAM roles'];
  const fit = Math.floor((quotas['IAM roles'].quota - roles.once) / roles.each);
  return `# What a feed makes in an account

<!-- Counted in the templates: \`npx vitest run test/docs/footprint.long.test.ts -u\` writes this page from docs/footprint.ts; edits here are lost. -->

How many resources a feed and a stage have, with a database and a network of nightfeed's own and with Slack, and which quotas of AWS they
meet. The quotas are AWS's defaults, under the addresses where AWS says them; those of EventBridge, its Scheduler and Lambda were read in
November 2026. The console *Service Quotas* shows those of your account. **Bold**: more than the default.

| | each feed | once for a stage | ${FEEDS.map((feeds) => `${feeds} feeds`).join(' | ')} | quota |
|---|---|---|---|---|---|---|
${names.map(row).join('\n')}

## Where it ends

**IAM roles** end first, after ${fit} feeds. Each process has a role of its own, which is what keeps a process that a vendor's bytes took over
away from everything else; so they are not shared. 200 feeds in one account need ${number(total(roles, 200))} roles. AWS raises this quota on
request, to 5,000 or more; the quota belongs to the whole account, and is asked for in us-east-1:

\`\`\`sh
aws service-quotas request-service-quota-increase --region us-east-1 --service-code iam --quota-code L-FE177D64 --desired-value ${Math.ceil((total(roles, 200) + 300) / 500) * 500}
\`\`\`

**Rules**: on request, too (*EventBridge, Number of rules*). In af-south-1 and eu-south-1 the default is 100, not 300. **Dashboards**: the same.
500 feeds need ${number(total(roles, 500))} roles: spread them over several accounts, with a stage in each.

**A stack** may have 500 resources; the largest, a feed's pipeline, has ${found.largestStack}. It does not grow with the number of feeds.

**Network interfaces.** The ${found.functions} functions of each feed share one security group and the private subnets, so Lambda makes one interface for each
subnet, however many feeds there are; the quota is [250 or more for a VPC](https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). Each
task has one while it runs; a subnet of ours has 4,091 addresses.

**What runs at one time.** Feeds whose nights begin together need as many tasks together, with 2 processors each for 8 GB: Fargate's quota of
processors (*Fargate On-Demand vCPU resource count*) is small in a new account. Looks at vendors take one function at a time for each feed; an account
may run [1,000 at a time](https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html), new accounts fewer. Begin nights some minutes apart.

**The database** of a stage gets six logins for each feed, and one connection for each process at work.

## What it costs before the first night

${costOf({ counts, ...found })}. The prices are those of [cost.md](cost.md).

Every resource has the tags \`nightfeed:stage\` and, in a pipeline, \`nightfeed:feed\`. Activate them as cost allocation tags in *Billing*,
and AWS's cost explorer shows what each feed costs; tags cost nothing.
`;
}

function costOf({ counts, metricFilters, metricsOfAlarms }: Footprint): string {
  const { secrets, dashboards, 'KMS keys': keys } = counts;
  const parts = [
    [secrets.each, 0.4, 'secrets'],
    [keys.each, 1, 'key'],
    [metricsOfAlarms, 0.1, 'metrics of alarms'],
    [dashboards.each, 3, 'dashboard'],
    [metricFilters, 0.3, 'metric made of a log'],
  ] as const;
  const sum = parts.reduce((total, [count, price]) => total + count * price, 0);
  return `Each feed: ${parts.map(([count, price, name]) => `${count} ${name} × ${price.toFixed(2)}`).join(' + ')} = ${sum.toFixed(2)} $ a month`;
}
