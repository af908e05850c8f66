import { table } from '../table.ts';
import { engineNames, exponentOfGrowth, type Measurement, ofEngine } from './measurement.ts';

const HEAD = ['engine', 'rows', 'a side', 'time', 'rows a second', 'memory', 'exponent'];

/** Each engine's sizes, with the exponent of growth from the size before. */
export function scaleTable(measured: readonly Measurement[]): string {
  const rows = engineNames.flatMap((engine) =>
    ofEngine(measured, engine).map((now, index, all) => {
      const before = all[index - 1];
      return [
        engine,
        now.rows.toLocaleString('en'),
        `${(now.bytes / 1e9).toFixed(2)} GB`,
        `${now.seconds.toFixed(2)} s`,
        Math.round(now.rows / now.seconds).toLocaleString('en'),
        now.peak === null ? '–' : `${Math.round(now.peak / 1e6).toLocaleString('en')} MB`,
        before ? exponentOfGrowth(before, now).toFixed(2) : '',
      ];
    }),
  );
  return table([HEAD, ...rows]);
}
