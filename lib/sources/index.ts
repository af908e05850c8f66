import type { SourceKind } from '../ports/source-kind.ts';
import { folder } from './folder/descriptor.ts';
import { ftp } from './ftp/descriptor.ts';
import { s3 } from './s3/descriptor.ts';
import { sftp } from './sftp/descriptor.ts';

/** The kinds of source, in the order in which they are named to people. */
export const sources = [folder, ftp, sftp, s3] as const satisfies readonly SourceKind[];
