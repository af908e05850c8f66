import { canonicalJson } from '../feed/reading-spec.ts';

/** The origin of a run that is not a night: a release or an adoption. Such runs are revisions of the date that production holds. */
export type RunOrigin =
  | {
      readonly kind: 'release';
      /** Name of the run whose quarantined rows are read again. */
      readonly run: string;
      readonly table: string | null;
      /** Reject code of the rows. */
      readonly code: string | null;
      /** Who asked for it, if that is proved. */
      readonly by?: string;
    }
  /** Rows that were in production before the first night. */
  | { readonly kind: 'adopt'; readonly tables: readonly string[] };

/** A few words for lists. */
export function explainOrigin(origin: RunOrigin): string {
  if (origin.kind === 'adopt') return `took over ${origin.tables.join(', ')}`;
  return `released from ${origin.run}${origin.by === undefined ? '' : ` by ${origin.by}`}`;
}

/** Whether both mean the same rows, no matter who asked. */
export function isSameOrigin(a: RunOrigin | null, b: RunOrigin): boolean {
  return a !== null && canonicalJson({ ...a, by: null }) === canonicalJson({ ...b, by: null });
}
