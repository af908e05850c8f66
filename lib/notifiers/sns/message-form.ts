import type { RunMessage } from '../../core/run/message.ts';
import { codeBlock } from '../common/chat-text.ts';
import { holdLines, nextSteps, sampleBlocks, tableLines, textOf as textFor } from '../common/message-parts.ts';

/** SNS refuses the subject of an e-mail that is longer, not ASCII, or has line ends. */
const SUBJECT_CHARACTERS = 100;

export function subjectOf({ subject }: RunMessage): string {
  const plain = subject.replace(/[^\x20-\x7e]/g, '?');
  return plain.length <= SUBJECT_CHARACTERS ? plain : `${plain.slice(0, SUBJECT_CHARACTERS - 3)}...`;
}

export function textOf(message: RunMessage, stage: string): string {
  return textFor(message, stackOf(message, stage));
}

/** The custom notification of Amazon Q Developer in chat applications (AWS Chatbot), as it shows it in Slack and Teams. */
export function chatOf(message: RunMessage, stage: string): unknown {
  const { id, run, state, error } = message;
  const unusual = holdLines(message.warnings).map((line) => `unusual: ${line}`);
  const parts = [
    ...(error ? [`*${error.name}*`, codeBlock([error.message, error.hint])] : []),
    ...[
      [...holdLines(message.holds), ...unusual],
      sampleBlocks(message).map((lines) => lines.join('\n')),
      tableLines(message),
    ].map(codeBlock),
  ].filter((part) => part !== '');
  return {
    version: '1.0',
    source: 'custom',
    id,
    content: {
      textType: 'client-markdown',
      title: `${marks[state] ?? ''} ${message.subject}`.trim(),
      description: parts.join('\n') || message.subject,
      nextSteps: nextSteps(message, stackOf(message, stage)),
      keywords: ['nightfeed', state],
    },
    // Messages about one run form one thread.
    metadata: { threadId: run, summary: message.subject, eventType: state },
  };
}

function stackOf({ run }: RunMessage, stage: string): string {
  return `${stage}-${run.split('/')[0]}`;
}

const marks: Partial<Record<RunMessage['state'], string>> = {
  published: ':white_check_mark:',
  unchanged: ':white_check_mark:',
  held: ':raised_hand:',
  late: ':hourglass:',
  refused: ':no_entry:',
  failed: ':x:',
};
