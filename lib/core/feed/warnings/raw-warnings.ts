import { type FormatDescriptor, isCopied } from '../descriptors/format-descriptor.ts';
import type { Feed } from '../spec.ts';

/** Tables whose files are converted and not kept: what only the vendor's bytes could tell is lost with them. */
export function rawWarnings({ tables }: Feed, formats: readonly FormatDescriptor[]): string[] {
  return Object.entries(tables).flatMap(([name, { format, lake }]) =>
    lake?.raw !== 'drop' || !isCopied(format, formats)
      ? []
      : [
          `tables.${name}.lake.raw: drop keeps no copy of the vendor's files, which landing converts: rejected rows cannot be released under other format options, such as another encoding, nobody can say where in the vendor's file they stand, and no file can be made again; leave it out unless the vendor's files are kept elsewhere`,
        ],
  );
}
