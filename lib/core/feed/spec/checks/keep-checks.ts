import type { Keep } from '../keep.ts';

interface Complaints {
  addIssue(issue: { code: 'custom'; message: string; path: string[] }): void;
}

/** Requires that no receipt goes before what it names, and that no copy of a file outlives the receipt that names it. */
export function checkKeep({ keep }: { readonly keep?: Keep | undefined }, context: Complaints): void {
  if (keep === undefined) return;
  const complain = (message: string, ...path: string[]) =>
    context.addIssue({ code: 'custom', message, path: ['keep', ...path] });
  const { landing, raw, changes, receipts } = keep;
  if (Object.keys(keep).length === 0) complain('expected landing, raw, changes, receipts, current, logs or quarantine');
  if (raw !== undefined && landing !== undefined && raw > landing)
    complain(`${raw}d is longer than landing: ${landing}d, with which the receipts go that name the copies`, 'raw');
  if (receipts === undefined) return;
  for (const [name, limit] of Object.entries({ landing, changes })) {
    if (limit === undefined)
      complain(`${name} has no limit, and receipts say what lies there; expected keep.${name} too`, 'receipts');
    else if (limit > receipts)
      complain(`${receipts}d is shorter than ${name}: ${limit}d, and receipts say what lies there`, 'receipts');
  }
}
