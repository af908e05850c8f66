import { callerOf } from '../lib/aws/caller.ts';
import { operate } from '../lib/cloud/operator.ts';
import { askedOf, operatorEvent } from '../lib/core/cloud/events.ts';
import { withPorts } from './compose.ts';
import { handlerOf } from './handler.ts';
import { ownPipeline } from './own.ts';

/** Answers the command line from ledger and lake. IAM decides who may call it; STS proves who calls. */
export const handler = handlerOf(operatorEvent, async (event, context) => {
  const { feed, stateMachine, functionArn, region, account } = ownPipeline(context);
  if (event.command === 'about') return { stateMachine };
  const sts = { region, endpoint: process.env.AWS_ENDPOINT_URL };
  return withPorts((ports) =>
    operate(
      event,
      { feed, whoAsks: ({ proof, ...asked }) => callerOf(proof, askedOf(functionArn, asked), { ...sts, account }) },
      ports,
    ),
  );
});
