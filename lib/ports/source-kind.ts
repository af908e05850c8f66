import type { BusinessDate } from '../core/feed/business-date.ts';
import type { SourceDescriptor, SourceOf, SourceOptions } from '../core/feed/descriptors/source-descriptor.ts';
import type { Source } from './source.ts';

/** A kind of source: one folder of lib/sources, or what an embedding program adds to their list. */
export interface SourceKind<Options extends SourceOptions = SourceOptions> extends SourceDescriptor<Options> {
  /**
   * Gets ready for one date; no connection yet. What is needed to read, such as a client's library, is imported here: a
   * descriptor is loaded by all that read feed files, and most of them open nothing.
   */
  open(source: SourceOf<Options>, surroundings: Surroundings): Promise<OpenSource>;
}

/** Called again when a login was refused and the secrets are others by now. */
type OpenSource = (secrets: Secrets) => Source;

/** Values by the names of the options that name them. */
type Secrets = Readonly<Record<string, string | undefined>>;

export interface Surroundings {
  readonly date: BusinessDate;
  /** Where relative folders start. */
  readonly folder: string;
  /** A folder of ours; none in the cloud, where no feed has a folder for a source. */
  readonly own?: string | undefined;
  /** Throws for a folder that no feed may read. */
  confine(folder: string): Promise<void>;
}
