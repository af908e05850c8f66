import type { z } from 'zod';
import { feedSchema as schemaFor } from '../core/feed/spec.ts';
import { engines } from '../engines/index.ts';
import { formats } from '../formats/index.ts';
import { notifiers } from '../notifiers/index.ts';
import { sources } from '../sources/index.ts';

export { type Column, type Contract, columnsOf, type Guards, type Table } from '../core/feed/spec.ts';
export type { CsvFormat as Format } from '../formats/csv/options.ts';

/** The schema of the feed file with nightfeed's own kinds. The package exports it as nightfeed/feed. */
export const feedSchema = schemaFor({ sources, formats, engines, notifiers });

export type Feed = z.output<typeof feedSchema>;
