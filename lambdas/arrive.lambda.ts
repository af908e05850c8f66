import { runFunctionStep } from '../lib/cloud/step-worker.ts';
import { stepEvent } from '../lib/core/cloud/events.ts';
import { withMorePorts } from './compose.ts';
import { handlerOf } from './handler.ts';
import { vendorSource } from './vendor-source.ts';

export const handler = handlerOf(stepEvent, (event) =>
  withMorePorts(vendorSource, (ports) => runFunctionStep('arrive', event, ports)),
);
