import { claimExecution } from '../lib/cloud/execution.ts';
import { claimEvent } from '../lib/core/cloud/events.ts';
import { setting, withPorts } from './compose.ts';
import { handlerOf } from './handler.ts';

export const handler = handlerOf(claimEvent, (event) =>
  withPorts((ports) => claimExecution(event, setting('feed'), ports)),
);
