import { explainFiles } from '../../core/delivery/explain-files.ts';
import { decisionCommands } from '../../core/guards/decision-commands.ts';
import { explainHold } from '../../core/guards/explain-hold.ts';
import type { Finding } from '../../core/guards/finding.ts';
import type { FileChoice } from '../../core/run/diff-receipt.ts';
import type { RunMessage } from '../../core/run/message.ts';
import { shownLines } from '../../core/shown-text.ts';

/** SNS refuses the subject of an e-mail that is longer, not ASCII, or has line ends. */
const SUBJECT_CHARACTERS = 100;

export function subjectOf({ subject }: RunMessage): string {
  const plain = subject.replace(/[^\x20-\x7e]/g, '?');
  return plain.length <= SUBJECT_CHARACTERS ? plain : `${plain.slice(0, SUBJECT_CHARACTERS - 3)}...`;
}

/** The message as text for a person who is woken at 2:40. */
export function textOf(message: RunMessage, stage: string): string {
  const { run, error } = message;
  const next = nextSteps(message, stage);
  const blocks = [
    message.subject,
    ...(error ? [`${error.name}: ${error.message}\n${error.hint}`] : []),
    ...(message.holds.length > 0 ? [holdLines(message.holds).join('\n')] : []),
    ...(message.warnings.length > 0 ? [`Unusual:\n${holdLines(message.warnings).join('\n')}`] : []),
    ...sampleBlocks(message),
    ...(Object.keys(message.tables).length > 0 ? [tableLines(message).join('\n')] : []),
    ...(next.length > 0 ? [next.join('\n')] : []),
    `run ${run}`,
  ];
  return shownLines(blocks.join('\n\n'));
}

/** The custom notification of Amazon Q Developer in chat applications (AWS Chatbot), as it shows it in Slack and Teams. */
export function chatOf(message: RunMessage, stage: string): unknown {
  const { id, run, state, error } = message;
  const unusual = holdLines(message.warnings).map((line) => `unusual: ${line}`);
  const parts = [
    ...(error ? [`*${error.name}*`, codeBlock([error.message, error.hint])] : []),
    ...[[...holdLines(message.holds), ...unusual], sampleBlocks(message), tableLines(message)].map(codeBlock),
  ].filter((part) => part !== '');
  return {
    version: '1.0',
    source: 'custom',
    id,
    content: {
      textType: 'client-markdown',
      title: `${marks[state] ?? ''} ${message.subject}`.trim(),
      description: parts.join('\n') || message.subject,
      nextSteps: nextSteps(message, stage),
      keywords: ['nightfeed', state],
    },
    // Messages about one run form one thread.
    metadata: { threadId: run, summary: message.subject, eventType: state },
  };
}

/** Lines with a vendor's text. In a code block a chat client applies no formatting and makes no links. */
function codeBlock(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `\`\`\`\n${chatText(lines.join('\n')).replaceAll('`', "'")}\n\`\`\``;
}

/** Slack calls people by `<!channel>` and links by `<URL|text>` even within a block; Teams, which has no blocks, links by `[text](URL)`. */
function chatText(text: string): string {
  return shownLines(text)
    .replace(/[&<>]/g, (character) => entities[character]!)
    .replaceAll('](', '] (');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

const marks: Partial<Record<RunMessage['state'], string>> = {
  published: ':white_check_mark:',
  unchanged: ':white_check_mark:',
  held: ':raised_hand:',
  late: ':hourglass:',
  refused: ':no_entry:',
  failed: ':x:',
};

function holdLines(holds: readonly Finding[]): string[] {
  return holds.map((hold) => {
    const people = hold.people === undefined ? '' : `; ${hold.people} people have to approve it`;
    return `${hold.guard} ${hold.table ?? 'delivery'}: ${explainHold(hold)}${people}`;
  });
}

function sampleBlocks({ samples = [] }: RunMessage): string[] {
  return samples.map(({ table, guard, column, rule, rows }) =>
    [
      `${guard} ${table ?? 'delivery'}${[column, rule].map((name) => (name === undefined ? '' : ` ${name}`)).join('')}, some rows:`,
      ...rows,
    ].join('\n'),
  );
}

const counts = ['inserted', 'updated', 'returned', 'gone', 'rejected'] as const;

function tableLines({ tables }: RunMessage): string[] {
  return Object.entries(tables).flatMap(([name, numbers]) => {
    const known = numbers as Partial<Record<(typeof counts)[number] | 'retained', number>> & {
      files?: FileChoice;
      notes?: readonly string[];
    };
    const shown = known.retained === undefined ? counts : ([...counts, 'retained'] as const);
    const files = known.files ? `; ${explainFiles(known.files)}` : '';
    const numbersTold = shown.map((count) => `${(known[count] ?? 0).toLocaleString('en')} ${count}`).join(', ');
    return [`${name}: ${numbersTold}${files}`, ...(known.notes ?? []).map((note) => `  note: ${note}`)];
  });
}

function nextSteps({ run, state, holds }: RunMessage, stage: string): string[] {
  if (state !== 'held') return [];
  const stack = `${stage}-${run.split('/')[0]}`;
  return decisionCommands({ run, holds, stack }).map(([what, command]) => `${what}: ${command}`);
}
