import type { FileFormat } from '../ports/file-format.ts';
import { csv } from './csv/descriptor.ts';
import { fixedWidth } from './fixed-width/descriptor.ts';
import { json, ndjson } from './json/descriptors.ts';
import { parquet } from './parquet/descriptor.ts';
import { sql } from './sql/descriptor.ts';

/** The kinds of file, in the order in which messages name them. The first is used where a feed names none. */
export const formats = [csv, fixedWidth, ndjson, json, sql, parquet] satisfies readonly FileFormat[];
