import type { FileFormat } from '../../ports/file-format.ts';
import { sqlOptions } from './options.ts';

/** Rows in the INSERT and COPY statements of a dump, which is read and never executed. */
export const sql: FileFormat<typeof sqlOptions> = {
  name: 'sql',
  options: sqlOptions,
  async open(file) {
    const { openSql } = await import('./open.ts');
    return openSql(file);
  },
};
