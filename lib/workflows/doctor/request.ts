import type { BusinessDate } from '../../core/feed/business-date.ts';
import type { Reach } from '../../core/feed/reach.ts';
import type { Feed } from '../../core/feed/spec.ts';

/** What `doctor` is asked about. */
export interface DoctorRequest {
  readonly feed: Feed;
  readonly date: BusinessDate;
  /** As the user named it, for commands to type. */
  readonly feedFile: string;
  readonly reach: Reach;
  /** References of the secrets that the source needs. */
  readonly secrets: readonly string[];
}
