import { type Fingerprint, sameFingerprint } from '../core/diff/fingerprint.ts';
import type { Target } from '../ports/target.ts';
import { type FitPorts, type LakeFit, lakeFit } from './lake-fit.ts';

/** What production, ledger and lake of a feed hold, compared with each other. */
export interface Audit {
  readonly feed: string;
  /** Every table that the ledger says is published. */
  readonly tables: readonly AuditedTable[];
  readonly fit: LakeFit;
}

interface AuditedTable {
  readonly table: string;
  readonly expected: Fingerprint;
  readonly found: Fingerprint;
  readonly agrees: boolean;
}

export type AuditPorts = FitPorts & { readonly target: Pick<Target, 'audit'> };

/** Hashes every live row again, and looks whether lake and ledger fit. Changes nothing. */
export async function audit(feed: string, ports: AuditPorts): Promise<Audit> {
  const audited = (await ports.ledger.exists()) ? await ports.target.audit(feed) : [];
  const tables = audited.map((row) => ({ ...row, agrees: sameFingerprint(row.expected, row.found) }));
  return { feed, tables, fit: await lakeFit(feed, ports) };
}
