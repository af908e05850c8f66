import { writeFileSync } from 'node:fs';
import { type RejectCode, rejectKinds, unreadable } from '../lib/core/records/reject.ts';

/** The page of all reject codes, from their table; `npm run docs` writes it beside this file. */
export function rejectCodesPage(): string {
  const sections = Object.entries(rejectKinds).map(([found, kinds]) => {
    const rows = Object.entries(kinds).map(
      ([code, { meaning }]) => `| \`${code}\` | ${meaning}${unreadable.has(code as RejectCode) ? ' *' : ''} |`,
    );
    return `## ${headings[found as keyof typeof headings]}\n\n| code | meaning |\n|---|---|\n${rows.join('\n')}\n`;
  });
  return `${introduction}\n${sections.join('\n')}`;
}

const introduction = `# Reject codes

<!-- Written by \`npm run docs\` from lib/core/records/reject.ts; edits here are lost. -->

A record that cannot become a row is rejected with one of these codes: in the [quarantine](quarantine.md), in \`rejects.parquet\` of the
lake and in \`--json\`. The last good version of its row stays in production. Where several codes fit, the record has the first one
that was found: structure before values, values before rules.

After a record marked with * nobody knows which row it was, so nothing is deleted from its table that night
([suspended deletes](guards.md#what-each-guard-watches)).
`;

const headings: Record<keyof typeof rejectKinds, string> = {
  structure: 'The record',
  value: 'A value',
  table: 'The table',
  rule: 'A rule of the feed file',
};

if (import.meta.main) writeFileSync(new URL('reject-codes.md', import.meta.url), rejectCodesPage());
