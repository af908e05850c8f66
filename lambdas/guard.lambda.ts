import { workStep } from '../lib/cloud/task.ts';
import { stepEvent } from '../lib/core/run/contract.ts';
import { withPorts } from './compose.ts';
import { handlerOf } from './handler.ts';

export const handler = handlerOf(stepEvent, (event) => withPorts((ports) => workStep('guard', event, ports)));
