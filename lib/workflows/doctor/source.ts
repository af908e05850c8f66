import { bytesOf } from '../../core/delivery/size.ts';
import { wantedNames } from '../../core/delivery/wanted.ts';
import { takenAfter } from '../../core/feed/spec/after.ts';
import { withDate } from '../../core/feed/values/date-form.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Source } from '../../ports/source.ts';
import { Area, type Seen, type Tell } from './area.ts';
import type { Open, SourcePorts } from './at-source.ts';
import { lookForDelivery } from './delivery.ts';
import type { DoctorRequest } from './request.ts';
import { lookAtTable } from './table.ts';

const SECONDS = 120;
/** For closing what hangs. */
const CLOSE_MS = 5000;

/** Looks at the vendor's server, at the delivery of the date, and into the first file of each table. Resolves to the delivery's bytes. */
export async function examineSource(
  request: DoctorRequest,
  { hasSecrets }: { readonly hasSecrets: boolean },
  ports: SourcePorts,
  tell: Tell,
): Promise<number | undefined> {
  const area = new Area('source', { seconds: SECONDS, late: 'SOURCE_SLOW' }, ports, tell);
  if (!hasSecrets) {
    area.warn('not looked at, because a secret is missing');
    return undefined;
  }
  const opened: Source[] = [];
  const open: Open = async (date) => {
    const source = await ports.openSource(request.feed, date);
    opened.push(source);
    return source;
  };
  try {
    return await lookThrough(request, area, open, ports);
  } finally {
    await closeAll(opened);
  }
}

async function lookThrough(
  request: DoctorRequest,
  area: Area,
  open: Open,
  ports: SourcePorts,
): Promise<number | undefined> {
  const { feed, date } = request;
  const reached = await area.look(async () => {
    const begun = ports.elapsed();
    const source = await open(date);
    const listed = await source.list(wantedNames(feed, date));
    const seconds = ((ports.elapsed() - begun) / 1000).toFixed(1);
    return { found: `${source.place} answers and is listed in ${seconds} s`, value: { source, listed } };
  });
  if (!reached) return undefined;
  for (const note of reached.source.notes) area.warn(note);
  await area.look(() => lookAtClock(reached.source, ports));
  if (takenAfter(feed)) await lookAtRights(request, reached.source, area);
  const delivery = await area.look(() => lookForDelivery(request, reached, open, ports));
  if (!delivery) return undefined;
  for (const table of Object.keys(feed.tables)) {
    if (area.isOver) {
      area.warn(`${table} and the tables after it were not looked at: the source took too long`);
      break;
    }
    await area.look(() => lookAtTable(table, request, delivery, ports));
  }
  return bytesOf(delivery.files);
}

/** Whether files may be taken away, as far as that can be told without touching any. */
async function lookAtRights({ feed, date }: DoctorRequest, { disposal, place }: Source, area: Area): Promise<void> {
  const what = takenAfter(feed)!;
  const target = what === 'delete' ? null : withDate(what.move, date);
  const need = target === null ? `delete files in ${place}` : `move files from ${place} to ${target}`;
  if (!disposal?.lacks) {
    area.warn(`after: the login has to be allowed to ${need}; only a night tries it`);
    return;
  }
  const lack = await disposal.lacks(target);
  if (lack !== null) area.warn(`after: a night could not ${need}: ${lack}`);
}

/** Clocks of servers that are set from the network differ by less. */
const MOST_SECONDS_APART = 60;

async function lookAtClock(source: Source, { now }: Pick<Ports, 'now'>): Promise<Seen<true>> {
  const clock = await source.clock();
  if (clock === null) return { found: 'its clock is not known, and nothing depends on it', value: true };
  const seconds = Math.round((clock.getTime() - now().getTime()) / 1000);
  const found = `its clock is ${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead of'} this machine's`;
  if (Math.abs(seconds) <= MOST_SECONDS_APART) return { found, value: true };
  return {
    found,
    hint: 'Have both clocks set from the network (NTP), or times in messages will not fit.',
    value: true,
  };
}

async function closeAll(opened: readonly Source[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, CLOSE_MS);
  });
  const closed = Promise.allSettled(opened.map((source) => source.close()));
  await Promise.race([closed, enough]).finally(() => clearTimeout(timer));
}
