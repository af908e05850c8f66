/** Why a run was made that is no night; null for a night. Such runs are revisions of the date that production holds. */
export type RunOrigin =
  | {
      readonly kind: 'release';
      /** Name of the run whose quarantined rows are read again. */
      readonly run: string;
      readonly table: string | null;
      /** Reason for which the rows were rejected. */
      readonly code: string | null;
    }
  /** Rows that were in production before the first night. */
  | { readonly kind: 'adopt'; readonly tables: readonly string[] };

/** In a few words, for lists. */
export function explainOrigin(origin: RunOrigin): string {
  return origin.kind === 'release' ? `released from ${origin.run}` : `took over ${origin.tables.join(', ')}`;
}
