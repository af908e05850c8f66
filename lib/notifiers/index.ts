import type { NotifierKind } from '../ports/notifier-kind.ts';
import { command } from './command/descriptor.ts';
import { pagerduty } from './pagerduty/descriptor.ts';
import { presentNotifiers } from './present.ts';
import { slack } from './slack/descriptor.ts';
import { smtp } from './smtp/descriptor.ts';
import { teams } from './teams/descriptor.ts';
import { webhook } from './webhook/descriptor.ts';

export const notifiers: readonly NotifierKind[] = [
  ...presentNotifiers,
  smtp,
  slack,
  teams,
  pagerduty,
  webhook,
  command,
];
