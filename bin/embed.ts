import { main } from './cli/program.ts';
import { prepareProcess } from './prepare-process.ts';
import type { Wings } from './wings.ts';

/** For programs of your own that are nightfeed with more kinds, as nightfeed/extend; docs/extending.md has some. */
/** The copy of Zod that nightfeed uses. Schemas of another copy would not be recognised. */
export { z } from 'zod';
export { NightfeedError } from '../lib/core/errors.ts';
export type { FormatColumn, FormatComplaint } from '../lib/core/feed/descriptors/format-descriptor.ts';
export { withDate } from '../lib/core/feed/values/date-form.ts';
export { dated, secret } from '../lib/core/feed/values/text-forms.ts';
export { bindHeader } from '../lib/core/records/bind-header.ts';
export { convertedRecord } from '../lib/core/records/record-text.ts';
export type { ConvertedFile, DeliveredFile, FileFormat } from '../lib/ports/file-format.ts';
export type { ChosenNotifier, NotifierKind, PresentNotifier } from '../lib/ports/notifier-kind.ts';
export type { Source } from '../lib/ports/source.ts';
export type { SourceKind } from '../lib/ports/source-kind.ts';
export { wings } from './wings.ts';

/** Nightfeed's command line with these kinds; resolves to the exit code. */
export async function nightfeed(args: readonly string[], wings: Wings): Promise<number> {
  prepareProcess();
  return main(args, wings);
}
