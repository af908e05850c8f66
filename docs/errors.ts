import { writeFileSync } from 'node:fs';
import { type ErrorName, errorKinds } from '../lib/core/error-kinds.ts';
import { explainedError } from '../lib/core/explain/error.ts';

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
  const { meaning, state, exitCode, retried, whatToDo } = explainedError(name);
  return `## ${name}

${meaning}

| state of the run | exit code | retried by itself |
|---|---|---|
| ${state} | ${exitCode} | ${retried} |

**What to do:** ${whatToDo}
`;
}

if (import.meta.main) writeFileSync(new URL('errors.md', import.meta.url), errorsPage());
