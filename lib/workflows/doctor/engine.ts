import { Readable } from 'node:stream';
import type { Column, Feed } from '../../core/feed/spec.ts';
import type { Ports, Using } from '../../ports/ports.ts';
import { Area, type Tell } from './area.ts';

export interface EnginePorts extends Pick<Ports, 'elapsed'>, Using<'engine', 'importRows'> {
  /** Throws ENGINE_MISSING where the feed may need an engine that cannot run here. */
  requireEngine(feed: Feed): Promise<void>;
}

const SECONDS = 60;

/** Has the engine of all feeds convert a row, and asks for the engine that this feed may need beside it. */
export async function examineEngine(feed: Feed, ports: EnginePorts, tell: Tell): Promise<void> {
  const area = new Area('engine', { seconds: SECONDS, late: 'ENGINE_UNAVAILABLE' }, ports, tell);
  await area.look(async () => {
    const rows = await ports.engine.importRows(
      Readable.from([ONE_ROW]),
      { columns: [number] },
      async (imported) => imported,
    );
    return { found: `it starts, and converts ${rows.fingerprint.rows} row for a try`, value: true };
  });
  await area.look(async () => {
    await ports.requireEngine(feed);
    return { found: `what \`engine: ${feed.engine}\` may need is here`, value: true };
  });
}

/** As PostgreSQL gives live rows: the value, and the mark at the end of each row. */
const ONE_ROW = '"1","e"\n';

const number: Column = { name: 'number', type: 'bigint', key: true, required: true, compare: true };
