import type { FormatColumn, FormatComplaint } from '../../core/feed/descriptors/format-descriptor.ts';
import { excerpt } from '../../core/shown-text.ts';
import type { FileFormat } from '../../ports/file-format.ts';
import { lineComplaints } from '../text/line-options.ts';
import { isUncountable } from './field-decoder.ts';
import { layoutOf, overlapOf } from './layout.ts';
import { type FixedWidthFormat, fixedWidthOptions } from './options.ts';

/** Text whose fields stand at fixed places of each record. */
export const fixedWidth: FileFormat<typeof fixedWidthOptions> = {
  name: 'fixed-width',
  options: fixedWidthOptions,
  complaints: (format, columns) => [
    ...fieldComplaints(format, columns),
    ...lengthComplaints(format),
    ...endComplaints(format),
    ...lineComplaints(format),
  ],
  async open(file) {
    const { openFixedWidth } = await import('./open.ts');
    return openFixedWidth(file);
  },
};

function* fieldComplaints(format: FixedWidthFormat, columns: readonly FormatColumn[]): Generator<FormatComplaint> {
  const { fields, allow_overlap } = format;
  const path = ['format', 'fields'];
  if (Object.keys(fields).length === 0) {
    yield { message: 'expected at least one field', path };
    return;
  }
  for (const { name, from = name, as } of columns) {
    if (as !== undefined) continue;
    if (typeof from !== 'string')
      yield { message: 'fields have one name each: name the field alone', path: ['columns', name, 'from'] };
    else if (!Object.hasOwn(fields, from)) yield { message: `no field ${excerpt(from)} for the column`, path };
  }
  const overlap = overlapOf(layoutOf(format));
  if (overlap && !allow_overlap)
    yield {
      message: `${excerpt(overlap[0])} and ${excerpt(overlap[1])} stand on the same places; where that is meant, set allow_overlap: true`,
      path: [...path, overlap[1]],
    };
}

function* lengthComplaints(format: FixedWidthFormat): Generator<FormatComplaint> {
  const { names, ends, length, least } = layoutOf(format);
  if (names.length === 0) return;
  const last = ends.indexOf(Math.max(...ends));
  if (ends[last]! > length)
    yield {
      message: `${excerpt(names[last]!)} ends at ${ends[last]}, behind the end of the record`,
      path: ['format', 'record_length'],
    };
  if (least > length) yield { message: `a record has ${length}; expected fewer`, path: ['format', 'min_length'] };
}

const ofLines = [
  'header',
  'leader',
  'skip',
  'comment',
  'trailer',
  'min_length',
  'allow_missing_final_newline',
  'allow_mixed_record_ends',
] as const;

function* endComplaints(format: FixedWidthFormat): Generator<FormatComplaint> {
  if (format.unit === 'bytes' && isUncountable(format.encoding))
    yield {
      message: `records of ${format.encoding} cannot be cut at bytes: count characters`,
      path: ['format', 'unit'],
    };
  if (format.record_end === 'line') return;
  for (const option of ofLines)
    if (format[option])
      yield { message: `without line ends there are no lines: leave ${option} out`, path: ['format', option] };
}
