import { lookAgain } from '../lib/cloud/look.ts';
import { stepEvent } from '../lib/core/cloud/events.ts';
import { setting, withMorePorts } from './compose.ts';
import { handlerOf } from './handler.ts';
import { vendorSource } from './vendor-source.ts';

export const handler = handlerOf(stepEvent, (event) =>
  withMorePorts(vendorSource, (ports) => lookAgain(event, setting('feed'), ports)),
);
