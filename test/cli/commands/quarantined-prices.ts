import { onTestFinished } from 'vitest';
import { feedText, PriceDesk } from '../../support/vendors/price-desk.ts';

export const good = ['1,one,1.00', '2,two,2.00', '3,three,3.00', '4,four,4.00', '5,five,5.00'];
/** Row 2 and the new row 6 need another scale, row 3 more digits, row 4 a person; one line has no key that can be read. */
export const bad = [
  '1,one,1.00',
  '2,two,2.125',
  '3,three,33333.00',
  '4,four,many',
  '5,five,5.00',
  '6,six,6.125',
  'x,"=cmd|,1',
];
export const wider = feedText({ price: 'decimal(9,3)' });
const widen = 'ALTER TABLE prices ALTER COLUMN price TYPE numeric(9,3)';

export async function deskAfter(...nights: readonly (readonly string[])[]): Promise<PriceDesk> {
  const desk = await PriceDesk.open();
  onTestFinished(() => desk.close());
  for (const [index, lines] of nights.entries()) await desk.publish(`2026-11-${18 + index}`, lines);
  return desk;
}

/** The operator gives the column more room, in the feed file and in the database. */
export async function mend(desk: PriceDesk, feed = wider): Promise<void> {
  await desk.describe(feed);
  await desk.sql.unsafe(
    `DROP VIEW prices_versions; ${widen}; ALTER TABLE prices_history ALTER COLUMN price TYPE numeric(9,3)`,
  );
}

export const quoted = (lines: readonly string[]) => lines.map((line) => line.replace('"=cmd|', '=cmd|'));
