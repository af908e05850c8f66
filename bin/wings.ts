import type { EngineKind } from '../lib/engines/engine-kind.ts';
import { engines } from '../lib/engines/index.ts';
import { formats } from '../lib/formats/index.ts';
import { notifiers } from '../lib/notifiers/index.ts';
import type { FileFormat } from '../lib/ports/file-format.ts';
import type { NotifierKind } from '../lib/ports/notifier-kind.ts';
import type { SourceKind } from '../lib/ports/source-kind.ts';
import type { StoreKind } from '../lib/ports/store-kind.ts';
import { sources } from '../lib/sources/index.ts';
import { stores } from '../lib/stores/index.ts';

/** All kinds of each wing that a program has. */
export interface Wings {
  readonly sources: readonly SourceKind[];
  readonly formats: readonly FileFormat[];
  readonly stores: readonly StoreKind[];
  readonly engines: readonly EngineKind[];
  readonly notifiers: readonly NotifierKind[];
}

/** The kinds that nightfeed brings; an embedding program adds its own. */
export const wings: Wings = { sources, formats, stores, engines, notifiers };
