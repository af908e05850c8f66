import { writeFileSync } from 'node:fs';
import { type Declared, declaredIn, type Member } from './construct-members.ts';

const FOLDER = 'lib/infra/constructs';
const files = [
  `${FOLDER}/pipeline-props.ts`,
  `${FOLDER}/pipeline-context.ts`,
  `${FOLDER}/nightfeed-pipeline.ts`,
  `${FOLDER}/deployment/ledger-migration.ts`,
  `${FOLDER}/watch/alarms.ts`,
  'lib/infra/task-size.ts',
];

/** Title of a section, and the declaration that it shows. */
const sections = [
  ['Props', 'NightfeedPipelineProps'],
  ['PipelineNetwork', 'PipelineNetwork'],
  ['PipelineLake', 'PipelineLake'],
  ['PipelineDatabase', 'PipelineDatabase'],
  ['PipelineSecret', 'PipelineSecret'],
  ['PipelineKeys', 'PipelineKeys'],
  ['TaskSize', 'TaskSize'],
  ['What the construct has', 'NightfeedPipeline'],
  ['LedgerMigration', 'LedgerMigrationProps'],
  ['Alarms', 'AlarmsProps'],
] as const;

/** The page of the construct for other CDK apps, from its source; `npm run docs` writes it beside this file. */
export function constructPage(): string {
  const declared = declaredIn(files);
  return [introduction, ...sections.map(([title, name]) => section(title, name, declared.get(name)))].join('\n');
}

const introduction = `# The construct

<!-- Written by \`npm run docs\` from the source of lib/infra/constructs; edits here are lost. -->

\`NightfeedPipeline\` puts the nights of one feed into a CDK app of yours: in your VPC, with your bucket and your database. Install
\`nightfeed\`, \`aws-cdk-lib\` and \`constructs\`, and import it from \`nightfeed/infra\`. [examples/own-stack](../examples/own-stack/app.ts) is
the smallest app, [examples/own-watch](../examples/own-watch/app.ts) one that brings cluster, keys, topic, boundary and alarms of its own; a test
compiles and synthesises both. [deploy.md](deploy.md) has what happens at a deployment and at night, [security.md](security.md#keys-of-yours) the
policies of keys.

\`Alarms\` and \`nightDashboard(scope, pipeline, alarms)\` make what the stage's own Watch stacks have; \`taskSizeFor(gigabytes)\` says how large
the tasks become for a delivery.
`;

function section(title: string, name: string, declared: Declared | undefined): string {
  if (declared === undefined) throw new Error(`no ${name} in ${files.join(', ')}`);
  const { text, members } = declared;
  const hasDefaults = members.some((member) => member.default !== '');
  const rows = members.map((member) => row(member, hasDefaults));
  return [
    `## ${title}`,
    ...(text === '' ? [] : ['', text]),
    '',
    hasDefaults ? '| name | type | meaning | default |' : '| name | type | meaning |',
    hasDefaults ? '|---|---|---|---|' : '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function row({ name, type, isOptional, text, default: value }: Member, hasDefaults: boolean): string {
  const cells = [`\`${name}${isOptional && !hasDefaults ? '?' : ''}\``, `\`${type.replaceAll('|', '\\|')}\``, text];
  const last = hasDefaults ? [isOptional ? value || 'none' : '*required*'] : [];
  return `| ${[...cells, ...last].join(' | ')} |`;
}

if (import.meta.main) writeFileSync(new URL('construct.md', import.meta.url), constructPage());
