import { answerQuestion } from '../lib/cloud/reader.ts';
import { readerEvent } from '../lib/core/cloud/events.ts';
import { withPorts } from './compose.ts';
import { handlerOf } from './handler.ts';
import { ownPipeline } from './own.ts';

/** Answers questions of the command line from ledger and lake. It refuses decisions, and could not record one. */
export const handler = handlerOf(readerEvent, async (event, context) => {
  const { feed, stateMachine } = ownPipeline(context);
  if (event.command === 'about') return { stateMachine };
  return withPorts((ports) => answerQuestion(event, feed, ports));
});
