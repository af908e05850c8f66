import { canonicalJson } from '../feed/reading-spec.ts';

/** Why a run was made that is no night; null for a night. Such runs are revisions of the date that production holds. */
export type RunOrigin =
  | {
      readonly kind: 'release';
      /** Name of the run whose quarantined rows are read again. */
      readonly run: string;
      readonly table: string | null;
      /** Reason for which the rows were rejected. */
      readonly code: string | null;
      /** Who wanted it, where that is proved. */
      readonly by?: string;
    }
  /** Rows that were in production before the first night. */
  | { readonly kind: 'adopt'; readonly tables: readonly string[] };

/** In a few words, for lists. */
export function explainOrigin(origin: RunOrigin): string {
  if (origin.kind === 'adopt') return `took over ${origin.tables.join(', ')}`;
  return `released from ${origin.run}${origin.by === undefined ? '' : ` by ${origin.by}`}`;
}

/** Whether both are after the same rows; who wants them is no difference. */
export function isSameOrigin(a: RunOrigin | null, b: RunOrigin): boolean {
  return a !== null && canonicalJson({ ...a, by: null }) === canonicalJson({ ...b, by: null });
}
