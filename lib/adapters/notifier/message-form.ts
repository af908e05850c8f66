import { explainHold } from '../../core/run/guard.ts';
import type { RunMessage } from '../../core/run/message.ts';

/** SNS refuses an e-mail's subject that is longer, or not ASCII, or has line ends. */
const SUBJECT_CHARACTERS = 100;

export function subjectOf({ subject }: RunMessage): string {
  const plain = subject.replace(/[^\x20-\x7e]/g, '?');
  return plain.length <= SUBJECT_CHARACTERS ? plain : `${plain.slice(0, SUBJECT_CHARACTERS - 3)}...`;
}

/** The message as a person wants it at 2:40. */
export function textOf(message: RunMessage): string {
  const { run, error } = message;
  const next = nextSteps(message);
  return [
    message.subject,
    ...(error ? [`${error.name}: ${error.message}\n${error.hint}`] : []),
    ...(message.holds.length > 0 ? [holdLines(message).join('\n')] : []),
    ...(Object.keys(message.tables).length > 0 ? [tableLines(message).join('\n')] : []),
    ...(next.length > 0 ? [next.join('\n')] : []),
    `run ${run}`,
  ].join('\n\n');
}

/** The custom notification of Amazon Q Developer in chat applications (AWS Chatbot), as it shows it in Slack and Teams. */
export function chatOf(message: RunMessage): unknown {
  const { id, run, state, error } = message;
  const lines = [
    ...(error ? [`*${error.name}* ${error.message}`, error.hint] : []),
    ...holdLines(message),
    ...tableLines(message),
  ];
  return {
    version: '1.0',
    source: 'custom',
    id,
    content: {
      textType: 'client-markdown',
      title: `${marks[state] ?? ''} ${message.subject}`.trim(),
      description: lines.join('\n') || message.subject,
      nextSteps: nextSteps(message),
      keywords: ['nightfeed', state],
    },
    // Messages of one run make one thread.
    metadata: { threadId: run, summary: message.subject, eventType: state },
  };
}

const marks: Partial<Record<RunMessage['state'], string>> = {
  published: ':white_check_mark:',
  unchanged: ':white_check_mark:',
  held: ':raised_hand:',
  late: ':hourglass:',
  refused: ':no_entry:',
  failed: ':x:',
};

function holdLines({ holds }: RunMessage): string[] {
  return holds.map((hold) => `${hold.guard} ${hold.table ?? 'delivery'}: ${explainHold(hold)}`);
}

const counts = ['inserted', 'updated', 'returned', 'gone', 'rejected'] as const;

function tableLines({ tables }: RunMessage): string[] {
  return Object.entries(tables).map(([name, numbers]) => {
    const known = numbers as Partial<Record<(typeof counts)[number], number>>;
    return `${name}: ${counts.map((count) => `${(known[count] ?? 0).toLocaleString('en')} ${count}`).join(', ')}`;
  });
}

function nextSteps({ run, state }: RunMessage): string[] {
  if (state !== 'held') return [];
  return [
    `Let it in: nightfeed --stack STACK approve ${run} --reason WHY`,
    `Keep it out: nightfeed --stack STACK reject ${run} --reason WHY`,
  ];
}
