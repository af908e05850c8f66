import type { PresentNotifier } from '../ports/notifier-kind.ts';
import { console } from './console/descriptor.ts';
import { eventbridge } from './eventbridge/descriptor.ts';
import { sns } from './sns/descriptor.ts';

/** Kinds that no feed file names. Functions on AWS have these alone, so that no bundle has the others' libraries. */
export const presentNotifiers: readonly PresentNotifier[] = [console, sns, eventbridge];
