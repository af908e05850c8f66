import { z } from 'zod';
import { anyOf } from '../../any-of.ts';
import type { FeedFormat, FormatDescriptor } from '../descriptors/format-descriptor.ts';

/** How the bytes of a file become fields: one schema for each kind, the first where none is named. */
export function formatSchema(kinds: readonly FormatDescriptor[]): z.ZodType<FeedFormat> {
  const [first, ...others] = kinds.map(({ name, options }, index) => {
    const type = z.enum([name]);
    return z.strictObject({
      type: (index === 0 ? type.default(name) : type).describe('Kind of file.'),
      ...options,
    });
  });
  const schema =
    others.length === 0 ? first! : z.discriminatedUnion('type', [first!, ...others], { error: unknownKind(kinds) });
  return schema as z.ZodType<FeedFormat>;
}

function unknownKind(kinds: readonly FormatDescriptor[]): z.core.$ZodErrorMap {
  const names = kinds.map(({ name }) => name);
  return ({ code, input }) => {
    if (code === 'invalid_type' && typeof input === 'string')
      return `expected options by name, such as {type: ${names.includes(input) ? input : names[0]}}`;
    return code === 'invalid_union' ? `expected ${anyOf(names)}${meant(typeOf(input))}` : undefined;
  };
}

function typeOf(input: unknown): string {
  return typeof input === 'object' && input !== null && 'type' in input ? String(input.type).toLowerCase() : '';
}

/** What people write who mean one of ours, or expect one that there is not yet. */
function meant(type: string): string {
  const way = ways[type];
  if (way !== undefined) return `; did you mean ${way}?`;
  return unread.includes(type) ? `; ${type} is not read, so ask the vendor for one of these` : '';
}

const ways: Readonly<Record<string, string>> = {
  tsv: '{type: csv, delimiter: "\\t"}',
  psv: '{type: csv, delimiter: "|"}',
  delimited: '{type: csv}',
  text: '{type: csv}',
  txt: '{type: csv}',
  jsonl: '{type: ndjson}',
  jsonlines: '{type: ndjson}',
  fixed: '{type: fixed-width}',
  fwf: '{type: fixed-width}',
  fixed_width: '{type: fixed-width}',
  mysqldump: '{type: sql}',
  pg_dump: '{type: sql}',
};
const unread = ['xlsx', 'xls', 'excel', 'xml', 'avro', 'orc', 'dbf', 'sas7bdat'];
