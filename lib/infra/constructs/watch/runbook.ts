/** The text of every alarm. Each id is a heading of docs/deploy.md, which says what to do. */
export const alarmTexts = {
  'night-failed': 'A night ended late, refused or failed, was aborted, or ran into its timeout.',
  'not-published':
    'No night was published or found unchanged since the night before: also when no night started at all.',
  'deadline-missed': 'A night brought production up to date, but after its deadline.',
  'function-errors': 'Functions of the pipeline keep failing.',
  'function-throttled': 'Lambda had no room for a function of the pipeline.',
  'memory-short': 'A task used nearly all of its memory.',
  'disk-short': 'A task used nearly all of its disk.',
  'message-undelivered': 'A message or an alarm did not reach a recipient.',
  'dead-letter': 'A night could not be started, or the end of a dead one not be recorded.',
} as const;
export type AlarmId = keyof typeof alarmTexts;

/** The default address of the runbook. */
export const RUNBOOK = 'docs/deploy.md';
