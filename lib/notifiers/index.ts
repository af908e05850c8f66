import type { NotifierKind } from '../ports/notifier-kind.ts';
import { console } from './console/descriptor.ts';
import { eventbridge } from './eventbridge/descriptor.ts';
import { sns } from './sns/descriptor.ts';

export const notifiers: readonly NotifierKind[] = [console, sns, eventbridge];
