import type { ServeEvent } from '../../../lib/workflows/serve/serve-ports.ts';

/** An event as one line for people; the facts that fit beside one another in 80 columns come first. */
export function serveLine(event: ServeEvent, at: Date): string {
  return `${at.toISOString().slice(5, 19).replace('T', ' ')}Z  ${textOf(event)}`;
}

function textOf(event: ServeEvent): string {
  switch (event.event) {
    case 'feed':
      return `${event.feed}  ${event.next === null ? 'has no schedule, so it is not run' : `next night ${shown(event.next)}`}`;
    case 'begins':
      return `${event.feed} ${event.date}  begins`;
    case 'ended': {
      const { run, feed, date, state, error, seconds, again_at } = event;
      if (state === null && error === null) return `${feed} ${date}  stopped; the next start goes on with it`;
      const again = again_at === null ? '' : `; again at ${shown(again_at)}`;
      const why = error ? `  ${error.name}: ${firstLine(error.message)}` : '';
      return `${run ?? `${feed} ${date}`}  ${state ?? 'not run'} in ${seconds.toFixed(1)} s${again}${why}`;
    }
    case 'missed':
      return `${event.feed}  missed ${event.dates.length === 1 ? event.dates[0] : `${event.dates.length} nights, ${event.dates[0]} to ${event.dates.at(-1)}`}`;
    case 'overdue':
      return `${event.feed} ${event.date}  overdue: ${event.state === null ? 'it has no run' : `its run is ${event.state}`}`;
    case 'trouble':
      return `${event.feed === null ? '' : `${event.feed}  `}${event.error.name}: ${firstLine(event.error.message)}`;
    case 'note':
      return event.text;
  }
}

/** The others stand in the object of `--json`. */
function firstLine(text: string): string {
  const [first = '', ...more] = text.split('\n');
  return more.length === 0 ? first : `${first} (and ${more.length} more)`;
}

const shown = (instant: string) => `${instant.slice(0, 16).replace('T', ' ')}Z`;
