import { callerOf } from '../lib/adapters/cloud/caller.ts';
import { namesOf, stackOf } from '../lib/core/run/cloud-names.ts';
import { askedOf, operatorEvent } from '../lib/core/run/contract.ts';
import { operate } from '../lib/steps/operator.ts';
import { setting, withPorts } from './compose.ts';
import { handlerOf } from './handler.ts';

/** The command line's way to ledger and lake. Who may call it is IAM's to say, who calls it STS's. */
export const handler = handlerOf(operatorEvent, async (event, { functionName, invokedFunctionArn }) => {
  // arn:aws:lambda:eu-west-1:123456789012:function:nightfeed-dev-shop-operator
  const [arn, partition, , region = '', account] = invokedFunctionArn.split(':');
  if (event.command === 'about') {
    const { stateMachine } = namesOf(stackOf(functionName));
    return { stateMachine: [arn, partition, 'states', region, account, 'stateMachine', stateMachine].join(':') };
  }
  const endpoint = process.env.AWS_ENDPOINT_URL;
  const feed = setting('feed').split('/')[1]!;
  return withPorts((ports) =>
    operate(
      event,
      {
        feed,
        whoAsks: ({ proof, ...asked }) => callerOf(proof, askedOf(functionName, asked), { region, endpoint }),
      },
      ports,
    ),
  );
});
