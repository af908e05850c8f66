import { readFileSync } from 'node:fs';

/** A file that another program packed. */
export const packed = (name: string): Buffer => readFileSync(new URL(`packed/${name}`, import.meta.url));
