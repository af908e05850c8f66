import { stop } from '../lib/cloud/stop.ts';
import { stopEvent } from '../lib/core/cloud/events.ts';
import { withPorts } from './compose.ts';
import { handlerOf } from './handler.ts';

export const handler = handlerOf(stopEvent, (event) => withPorts((ports) => stop(event, ports)));
