import { NightfeedError } from '../errors.ts';
import { excerpt } from '../shown-text.ts';

/** Bytes of a member's name with its folders. Receipts and messages hold it, so it is not as long as an archive allows. */
const MAX_BYTES = 1024;

/** The name of a member, without a `./` before it. Throws ARCHIVE_PATH for one that leads out of its folder, or that no file has. */
export function memberName(written: string): string {
  const name = written.replace(/^(?:\.\/)+/, '');
  if (Buffer.byteLength(written) > MAX_BYTES) throw unsafe(written, `has more than ${MAX_BYTES} bytes`);
  if (/[\0-\x1f\x7f]/.test(written)) throw unsafe(written, 'has a control character');
  const isInside = written !== '' && !/^([/\\]|[A-Za-z]:)/.test(name) && !name.split(/[/\\]/).includes('..');
  if (!isInside) throw unsafe(written, 'leads out of its folder');
  return name === '' ? './' : name;
}

function unsafe(name: string, why: string): NightfeedError {
  return new NightfeedError('ARCHIVE_PATH', `the name ${excerpt(name)} in the archive ${why}`);
}
