import type { FileFormat } from '../ports/file-format.ts';
import { csv } from './csv/descriptor.ts';

/** The kinds of file, in the order in which they are named to people; the first is meant where a feed names none. */
export const formats = [csv] satisfies readonly FileFormat[];
