import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { forecastTables } from './forecast-tables.ts';
import type { Measured, Measurement } from './measurement.ts';
import { scaleTable } from './scale-table.ts';

const measuredPath = fileURLToPath(new URL('../../docs/scale.json', import.meta.url));
const pagePath = fileURLToPath(new URL('../../docs/scale.md', import.meta.url));

/** In the place of earlier ones of the same size and engine; another machine's are dropped. */
export function keepMeasurements(found: readonly Measurement[], machine: string): void {
  const before = existsSync(measuredPath) ? (JSON.parse(readFileSync(measuredPath, 'utf8')) as Measured) : undefined;
  const kept = before?.machine === machine ? before.measurements : [];
  const id = ({ rows, engine }: Measurement) => `${engine} ${rows}`;
  const all = new Map([...kept, ...found].map((each) => [id(each), each]));
  const measurements = [...all.values()].sort((a, b) => a.rows - b.rows || a.engine.localeCompare(b.engine));
  const now: Measured = { machine, cores: availableParallelism(), measurements };
  writeFileSync(measuredPath, `${JSON.stringify(now, null, 2)}\n`);
}

export function writeScalePage(): void {
  writeFileSync(pagePath, scalePage(readFileSync(pagePath, 'utf8'), JSON.parse(readFileSync(measuredPath, 'utf8'))));
}

/** The page with what lies between its marks made anew. */
export function scalePage(page: string, measured: Measured): string {
  const parts: Record<string, string> = {
    measured: `${measured.machine}.\n\n${scaleTable(measured.measurements)}`,
    ...forecastTables(measured),
  };
  return Object.entries(parts).reduce((text, [name, part]) => {
    const [from, to] = [`<!-- ${name}: written by npm run bench:scale -->`, `<!-- /${name} -->`];
    const start = text.indexOf(from) + from.length;
    const end = text.indexOf(to);
    if (end < start) throw new Error(`docs/scale.md has no place for ${name}`);
    return `${text.slice(0, start)}\n\n${part}\n\n${text.slice(end)}`;
  }, page);
}
