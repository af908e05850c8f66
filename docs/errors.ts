import { writeFileSync } from 'node:fs';
import { type ErrorName, type ErrorState, errorKinds } from '../lib/core/error-kinds.ts';
import { EXIT_USAGE, exitCodes } from '../lib/core/run/state.ts';

/** The page of all errors, from their table; `npm run docs` writes it beside this file. */
export function errorsPage(): string {
  return `${introduction}\n${(Object.keys(errorKinds) as ErrorName[]).map(section).join('\n')}`;
}

const introduction = `# Errors

<!-- Written by \`npm run docs\` from lib/core/error-kinds/; edits here are lost. -->

Every failure has one of these names, in messages, in \`--json\`, in the ledger and on AWS. The exit code is that of \`nightfeed\`. A
message often has a better hint than the general one here. Whatever the state, production is either as it was or fully published.
`;

function section(name: ErrorName): string {
  const { meaning, state, retry, hint } = errorKinds[name];
  const retried = retry === 'transient' ? 'yes, a few times, before it counts' : 'no';
  return `## ${name}

${meaning}

| state of the run | exit code | retried by itself |
|---|---|---|
| ${outcomes[state].run} | ${outcomes[state].exitCode} | ${exceptions[name] ?? retried} |

**What to do:** ${hint}
`;
}

const outcomes: Record<ErrorState, { readonly run: string; readonly exitCode: string }> = {
  refused: { run: '`refused`', exitCode: `${exitCodes.refused}` },
  failed: { run: '`failed`', exitCode: `${exitCodes.failed}` },
  late: { run: '`late`', exitCode: `${exitCodes.late}` },
  busy: { run: 'as it was: it belongs to another process', exitCode: `${exitCodes.running}` },
  usage: {
    run: 'none is opened; one that is open ends as `failed`',
    exitCode: `${EXIT_USAGE}; ${exitCodes.failed} where a run was open`,
  },
};

/** Retried by the workflow, which begins again at an earlier step or waits. */
const exceptions: Partial<Record<ErrorName, string>> = {
  BASE_MOVED: 'yes, from the diff on, twice',
  BUSY: 'on AWS, for five minutes',
};

if (import.meta.main) writeFileSync(new URL('errors.md', import.meta.url), errorsPage());
