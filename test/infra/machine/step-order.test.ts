import { describe, expect, test } from 'vitest';
import { containerOfJob, operatorJobKinds } from '../../../lib/core/cloud/operator-job.ts';
import type { ErrorName } from '../../../lib/core/errors.ts';
import { asNightfeedError, NightfeedError } from '../../../lib/core/errors.ts';
import { stepsIn } from '../../../lib/core/workflow/processes.ts';
import {
  type NightRow,
  type StepName,
  type StepRow,
  stepNames,
  workflows,
} from '../../../lib/core/workflow/workflows.ts';
import { endStateOf } from '../../../lib/steps/run/ending.ts';
import { walk } from '../../../lib/workflows/follow.ts';
import { executeDefinition } from '../../support/aws/synthesised-night.ts';
import { parseFeed } from '../../support/parse-feed.ts';
import { feedFile } from '../../support/vendors/night-vendor.ts';
import { definitionOf } from '../asl.ts';
import { appOf, templatesOf } from '../synthesised.ts';

const source = '{ftp: {host: example.com, user: vendor, password: "secret:vendor", path: "/{date}"}}';
const definition = definitionOf(
  templatesOf(appOf({ feeds: [parseFeed(feedFile(source), 'feed.yaml')] }))['nightfeed-prod-Pipeline-shop'],
);

/** How a night goes: answers or errors of a step, one a time; a step that is not named goes on. */
type Story = Readonly<Partial<Record<NightRow, readonly (string | NightfeedError)[]>>>;

interface Told {
  readonly steps: readonly NightRow[];
  readonly end: string;
}

const goesOn: Readonly<Record<NightRow, string>> = {
  claim: 'opened',
  look: 'new',
  arrive: 'arrived',
  pull: 'pulled',
  diff: 'compared',
  guard: 'pass',
  publish: 'published',
  notify: 'told',
  tidy: 'tidied',
};
const upTo = (step: StepName) => stepNames.slice(0, stepNames.indexOf(step) + 1);
const error = (name: ErrorName) => new NightfeedError(name, 'as told');
const fails = (step: NightRow, name: ErrorName): Story => ({ [step]: [error(name)] });

const beforeCommit = upTo('publish');
const cases: readonly (readonly [title: string, Story, Told])[] = [
  ['published', {}, { steps: stepNames, end: 'published' }],
  ['held', { guard: ['held'] }, { steps: upTo('guard'), end: 'held' }],
  ['unchanged, as the diff finds', { diff: ['unchanged'] }, { steps: upTo('diff'), end: 'unchanged' }],
  ...(['unchanged', 'held', 'rejected', 'superseded'] as const).map(
    (end) => [`${end} at once`, { claim: [end] }, { steps: ['claim'], end }] as const,
  ),
  [
    'over, and all that came',
    { claim: ['settled', 'unchanged'], look: ['same'] },
    { steps: ['claim', 'look', 'claim'], end: 'unchanged' },
  ],
  [
    'over, while something new came',
    { claim: ['settled', 'opened'] },
    { steps: ['claim', 'look', ...stepNames], end: 'published' },
  ],
  [
    'late, as a look finds',
    { claim: ['settled'], ...fails('look', 'LATE') },
    { steps: ['claim', 'look'], end: 'late' },
  ],
  ['late', fails('arrive', 'LATE'), { steps: upTo('arrive'), end: 'late' }],
  ['refused', fails('pull', 'EMPTY_FILE'), { steps: upTo('pull'), end: 'refused' }],
  // Which the state machine asks again five times.
  ['busy', { claim: Array(6).fill(error('BUSY')) }, { steps: ['claim'], end: 'busy' }],
  [
    'published in the third round',
    { publish: [error('BASE_MOVED'), error('BASE_MOVED')] },
    {
      steps: [...beforeCommit, 'diff', 'guard', 'publish', 'diff', 'guard', 'publish', 'notify', 'tidy'],
      end: 'published',
    },
  ],
  [
    'held in the second round',
    { publish: [error('BASE_MOVED')], guard: ['pass', 'held'] },
    { steps: [...beforeCommit, 'diff', 'guard'], end: 'held' },
  ],
  ...beforeCommit.map(
    (step) => [`failed at ${step}`, fails(step, 'ENGINE_FAILED'), { steps: upTo(step), end: 'failed' }] as const,
  ),
  ...beforeCommit
    .slice(1)
    .map((step) => [`taken over at ${step}`, fails(step, 'FENCED'), { steps: upTo(step), end: 'busy' }] as const),
  ...(['notify', 'tidy'] as const).map(
    (step) =>
      [`published, whatever ${step} says`, fails(step, 'UNFORESEEN'), { steps: stepNames, end: 'published' }] as const,
  ),
];

describe('the same steps, on a laptop and on AWS, of a night that is', () => {
  test.each(cases)('%s', async (_title, story, told) => {
    for (const night of [onLaptop, onAws]) expect(await night(teller(story))).toEqual(told);
  });

  test('held, and goes on when it is approved', async () => {
    for (const night of [onLaptop, onAws]) {
      const tell = teller({ guard: ['held', 'pass'] });
      expect(await night(tell)).toEqual({ steps: upTo('guard'), end: 'held' });
      expect(await night(tell)).toEqual({ steps: stepNames, end: 'published' });
    }
  });
});

describe('AWS says of a state that took too long only States.Timeout, without a cause', () => {
  const over = { claim: 'settled', look: 'same' };
  const times: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    ...Object.fromEntries(beforeCommit.map((step) => [(workflows.night[step] as StepRow).shares ?? step, goesOn])),
    look: { ...goesOn, ...over },
    outcome: goesOn,
    ...Object.fromEntries(['plan', 'show', 'release'].map((whole) => [whole, { claim: whole }])),
  };

  test.each(Object.keys(times))('%s: the execution ends as failed, and stop is told', async (late) => {
    const stopped: unknown[] = [];
    const { state, error: said } = await executeDefinition(definition, 'first', {}, async (name, event) => {
      if (name === late) throw Object.assign(new Error(), { name: 'States.Timeout' });
      if (name === 'stop') stopped.push((event as { error: unknown }).error);
      if (name === 'stop') return { state: 'failed' };
      const { step = name } = event as { step?: string };
      return { run: 'shop/2026-11-20', outcome: times[late]![step] };
    });

    expect({ state, name: said?.name }).toEqual({ state: 'Failed', name: 'States.Timeout' });
    expect(said?.cause).toContain('AWS gave no cause');
    const hasRun = !['plan', 'show', 'release'].includes(late);
    expect(stopped).toEqual(hasRun ? [{ Error: 'States.Timeout' }] : []);
  });
});

describe('what people ask the operator for', () => {
  test.each(operatorJobKinds)('%s is done by its container, and the execution ends as answered', async (kind) => {
    const called: string[] = [];
    const { state } = await executeDefinition(definition, 'first', { errand: kind }, async (name) => {
      called.push(name);
      return { run: 'shop/2026-11-20', outcome: kind };
    });

    expect({ called, state }).toEqual({ called: ['claim', containerOfJob[kind]], state: 'Answered' });
  });
});

type Teller = (step: NightRow) => string;

/** Tells what a step comes to, each time that it is taken. */
function teller(story: Story): Teller {
  const times: Partial<Record<NightRow, number>> = {};
  return (step) => {
    const time = times[step] ?? 0;
    times[step] = time + 1;
    const comesTo = story[step]?.[time] ?? goesOn[step];
    if (typeof comesTo === 'string') return comesTo;
    throw comesTo;
  };
}

async function onLaptop(tell: Teller): Promise<Told> {
  const steps: NightRow[] = [];
  const taken = walk(workflows.night, async (step: NightRow) => {
    steps.push(step);
    return tell(step);
  });
  const end = await taken.catch((thrown: unknown) => stateOf(asNightfeedError(thrown)));
  return { steps, end };
}

/** A container can only exit; `outcome` says what it came to. */
async function onAws(tell: Teller): Promise<Told> {
  const { trace, state } = await executeDefinition(definition, 'first', {}, async (name, event) => {
    const { step, error: caught } = event as { step: NightRow; error?: { Error: ErrorName } };
    if (stepsIn(name).length > 0) return null;
    if (name === 'stop') return { state: caught ? stateOf(error(caught.Error)) : 'unchanged' };
    return { run: 'shop/2026-11-20', outcome: tell(name === 'outcome' ? step : (name as NightRow)) };
  });
  return { steps: trace as NightRow[], end: state.toLowerCase() };
}

/** What a run ends as; whoever finds that it is somebody else's, or at work, is told that others are busy with it. */
function stateOf(thrown: NightfeedError): string {
  return thrown.name === 'FENCED' || thrown.name === 'BUSY' ? 'busy' : endStateOf(thrown);
}
