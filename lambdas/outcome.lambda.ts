import { outcomeOf } from '../lib/cloud/outcome.ts';
import { outcomeEvent } from '../lib/core/cloud/events.ts';
import { withPorts } from './compose.ts';
import { handlerOf } from './handler.ts';

export const handler = handlerOf(outcomeEvent, (event) => withPorts((ports) => outcomeOf(event.step, event, ports)));
