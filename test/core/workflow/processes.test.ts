import { expect, test } from 'vitest';
import { errorKinds } from '../../../lib/core/error-kinds.ts';
import type { Process } from '../../../lib/core/workflow/process.ts';
import { processes } from '../../../lib/core/workflow/processes.ts';
import { type StepRow, workflows } from '../../../lib/core/workflow/workflows.ts';

const all = Object.entries<Process>(processes);
const rows = Object.entries<Readonly<Record<string, StepRow>>>(workflows).flatMap(([workflow, steps]) =>
  Object.entries(steps).map(([step, row]) => [`${workflow}: ${step}`, step, row, steps] as const),
);

test.each(all)('%s ends by itself, and is tried again where something can', (name, { seconds, retries, as }) => {
  expect(seconds).toBeGreaterThan(0);
  const isCalledByMachine = !['reader', 'operator', 'ledger', 'migrate', 'deploy', 'stage', 'glue-job'].includes(name);
  expect(retries.length > 0).toBe(isCalledByMachine);
  for (const { on, after, factor, times } of retries) {
    expect([after, factor, times].every((number) => number > 0)).toBe(true);
    if (on !== 'no answer' && on !== 'transient') expect(errorKinds).toHaveProperty(on);
  }
  // Lambda's longest.
  if (as === 'function') expect(seconds).toBeLessThanOrEqual(15 * 60);
});

test.each(all)(
  '%s has rights: a login, or a reason to have none',
  (name, { login, vendor, write = [], steps = [] }) => {
    if (login === null) expect(['glue-job', 'deploy', 'stage', 'intake']).toContain(name);
    // What reads the vendor's bytes writes neither feeds nor answers, nor as a login that publishes.
    if (!vendor) return;
    // A container of several steps works as the login of each.
    const logins = login === null ? steps.map((step) => processes[step].login) : [login];
    expect(logins.length).toBeGreaterThan(0);
    for (const each of logins) expect(['fetch', 'compare']).toContain(each);
    expect(write.filter((zone) => zone === 'feeds' || zone === 'answers')).toEqual([]);
  },
);

test.each(rows)('%s is given only what a step before it leaves, on every way', (_name, step, row, steps) => {
  for (const way of waysTo(step, steps)) {
    const left = way.flatMap((before) => steps[before]!.leaves);
    expect(
      [...row.needs, ...(row.uses ?? [])].filter((product) => !left.includes(product)),
      way.join(' → '),
    ).toEqual([]);
  }
});

test.each(Object.entries<Readonly<Record<string, StepRow>>>(workflows))(
  '%s reaches every step, and an end from each',
  (_name, steps) => {
    const [first] = Object.keys(steps);
    for (const step of Object.keys(steps)) {
      expect(step === first || waysTo(step, steps).length > 0, step).toBe(true);
      expect(canEnd(step, steps), step).toBe(true);
    }
  },
);

/** Steps before this one, for each way from the first that takes no step twice. */
function waysTo(step: string, steps: Readonly<Record<string, StepRow>>): string[][] {
  const found: string[][] = [];
  const visit = (at: string, before: string[]) => {
    if (at === step && before.length > 0) found.push(before);
    if (before.includes(at)) return;
    for (const next of Object.values(steps[at]!.ways)) if (typeof next === 'string') visit(next, [...before, at]);
  };
  visit(Object.keys(steps)[0]!, []);
  return found;
}

function canEnd(step: string, steps: Readonly<Record<string, StepRow>>, seen: readonly string[] = []): boolean {
  if (seen.includes(step)) return false;
  return Object.values(steps[step]!.ways).some((way) => typeof way !== 'string' || canEnd(way, steps, [...seen, step]));
}
