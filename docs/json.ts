import { writeFileSync } from 'node:fs';
import { exitCodes, type RunState } from '../lib/core/run/state.ts';
import { answers, error, finding, listedRun, place, tableSummary } from './json-answers.ts';
import { type Field, fieldsOf } from './json-fields.ts';

/** The reference page of `--json`, from the schemas that a test holds against real answers; `npm run docs` writes it beside this file. */
export function jsonPage(): string {
  return [introduction, states(), commands.map(commandSection).join('\n'), shared.map(sharedSection).join('\n')].join(
    '\n',
  );
}

const introduction = `# What \`--json\` answers

<!-- Written by \`npm run docs\` from docs/json-answers.ts; edits here are lost. -->

With \`--json\`, standard output is exactly one JSON object on one line, also when a command fails; \`serve\` has one for [each event](serve.md#events). Progress and complaints go to
standard error. So in a shell:

\`\`\`sh
answer=$(nightfeed run feed.yaml --json 2>> night.log); code=$?
echo "$answer" | jq -r '"\\(.run) \\(.state) \\(.error.name // "")"'
\`\`\`

**What lasts.** Names, types and meanings of fields stay, and so do names of states, guards and errors. Later versions add fields, and
new values where a field is one of several names: let a program ignore what it does not know. Texts for people (\`message\`, \`hint\`,
\`done\`, \`warnings\` of \`validate\`, \`samples\`) may be worded anew at any time.

Business dates are written \`2026-11-20\`. A field marked *optional* is absent where it does not apply; all others are always there. What
comes from the vendor is the vendor's text: JSON escapes it, and whoever shows it has to escape it again.
`;

const stateMeanings: Record<RunState, string> = {
  running: 'a process works on it; as the answer to a command: another process does, so this one did nothing',
  published: 'production holds this delivery',
  unchanged: 'production held it already',
  held: 'a guard waits for a decision',
  late: 'the delivery is not there, or not whole yet',
  refused: 'the delivery cannot be what the vendor meant',
  failed: 'our side, or the way to the vendor; run the same command again',
  rejected: 'somebody decided that it does not go in',
  superseded: 'a newer delivery took its place',
};

function states(): string {
  const rows = Object.entries(stateMeanings).map(
    ([state, meaning]) => `| \`${state}\` | ${exitCodes[state as RunState]} | ${meaning} |`,
  );
  return `## States and exit codes

| state | exit code | means |
|---|---|---|
${rows.join('\n')}

Wrong use, and a feed file that is not valid, exit with 2 and the state \`null\`. Commands that only look (\`status\`, \`history\`,
\`quarantine list\`, \`quarantine show\`) exit with 0 whatever they show; \`audit\` exits with 1 when a table differs, or when nights have to be run again. A command that a
signal stops answers nothing: 130 after Ctrl-C, 143 after SIGTERM.
`;
}

interface CommandPart {
  readonly title: string;
  readonly text: string;
  readonly answer: keyof typeof answers;
}

const commands: readonly CommandPart[] = [
  {
    title: '`run`, and an approval that goes on',
    text: 'With `--stack` the same; `steps` are then the seconds that the states of the execution took.',
    answer: 'run',
  },
  {
    title: '`plan`',
    text: 'No run is opened: `run` is the name that it would have, but for its revision, and `attempt` is null. `state` is how the night would end.',
    answer: 'plan',
  },
  {
    title: 'Any command that fails',
    text: 'What failed before a run was there has this shape, whatever the command is. A night that fails answers as `run` does.',
    answer: 'failure',
  },
  {
    title: '`approve --no-run`, an approval that leaves guards open, `reject`',
    text: 'Of `approve` that lets the run go on, see `run` and `quarantine release`. With guards left open the exit code is 3.',
    answer: 'decided',
  },
  { title: '`status`, `history`', text: 'Newest first.', answer: 'runs' },
  { title: '`status RUN`', text: '`run` has all that [a run](#run) has, and this:', answer: 'detail' },
  { title: '`quarantine list`', text: '', answer: 'quarantined' },
  { title: '`quarantine show`', text: '', answer: 'shown' },
  { title: '`quarantine show --csv`', text: '', answer: 'csv' },
  {
    title: '`quarantine release`, and its approval',
    text: 'As `run`, and what became of the records.',
    answer: 'release',
  },
  { title: '`validate`', text: '', answer: 'validate' },
  { title: '`sample`', text: '', answer: 'sample' },
  {
    title: '`doctor`',
    text: 'Also when the feed file cannot be read. The exit code is that of the first check that failed.',
    answer: 'doctor',
  },
  {
    title: '`notify`',
    text: 'The exit code is 1 when a channel did not take something.',
    answer: 'notify',
  },
  { title: '`notify --test`', text: 'The same exit codes.', answer: 'tried' },
  { title: '`metrics`', text: '', answer: 'metrics' },
  { title: '`explain`', text: '', answer: 'explain' },
  { title: '`schedule`', text: '', answer: 'schedule' },
  { title: '`migrate`', text: '', answer: 'migrate' },
  { title: '`adopt`', text: '`run` is null when there was nothing to take over.', answer: 'adopt' },
  {
    title: '`audit`',
    text: 'With `--stack` the same; `lake.next` then has the commands of the pipeline.',
    answer: 'audit',
  },
  { title: '`logs`', text: '', answer: 'logs' },
  { title: '`logs` with `--stack`', text: 'CloudWatch has the lines.', answer: 'log_place' },
  {
    title: '`lake`',
    text: 'Zones are folders of the lake. Nothing is removed.',
    answer: 'lake',
  },
  { title: '`run` and `approve` with `--stack` and `--no-wait`', text: '', answer: 'started' },
];

/** Fields that a section does not repeat, because the one that it refers to has them. */
const toldElsewhere: Partial<Record<keyof typeof answers, readonly string[]>> = {
  plan: Object.keys(answers.run.shape),
  failure: Object.keys(answers.run.shape).filter((name) => name !== 'state'),
  decided: Object.keys(answers.run.shape),
  release: Object.keys(answers.run.shape),
  detail: Object.keys(listedRun.shape).map((name) => `run.${name}`),
};

const shared = [
  { title: 'Table numbers', schema: tableSummary },
  { title: 'Place of a record', schema: place },
  { title: 'Finding', schema: finding },
  { title: 'Error', schema: error },
  { title: 'Run', schema: listedRun },
];

function commandSection({ title, text, answer }: CommandPart): string {
  const hidden = toldElsewhere[answer] ?? [];
  const fields = fieldsOf(answers[answer]).filter(
    ({ path }) => !hidden.some((name) => path === name || path.startsWith(`${name}.`)),
  );
  const from =
    hidden.length > 0 && answer !== 'detail' ? `All fields of [\`run\`](#run-and-an-approval-that-goes-on), and:` : '';
  return section(title, [text, from].filter(Boolean).join(' '), fields);
}

function sharedSection({ title, schema }: (typeof shared)[number]): string {
  return section(title, '', fieldsOf(schema));
}

function section(title: string, text: string, fields: readonly Field[]): string {
  const rows = fields.map(({ path, type, isOptional, meaning }) => {
    return `| \`${path}\` | ${type}${isOptional ? ', *optional*' : ''} | ${meaning} |`;
  });
  return [
    `## ${title}`,
    ...(text ? ['', text] : []),
    '',
    '| field | type | meaning |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

if (import.meta.main) writeFileSync(new URL('json.md', import.meta.url), jsonPage());
