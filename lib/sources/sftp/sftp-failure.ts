import { type ErrorName, NightfeedError } from '../../core/errors.ts';
import { receivedText } from '../common/received-text.ts';
import { SftpStatus } from './sftp-session.ts';

/** Any failure of an SFTP connection as a NightfeedError. `secrets` are removed from text that the server may have echoed. */
export function sftpFailure(thrown: unknown, doing: string, secrets: readonly (string | undefined)[]): NightfeedError {
  if (thrown instanceof NightfeedError) {
    return new NightfeedError(thrown.name, `${doing}: ${receivedText(thrown.message, secrets)}`, { hint: thrown.hint });
  }
  const received = receivedText(thrown instanceof Error ? thrown.message : String(thrown), secrets);
  if (!(thrown instanceof SftpStatus)) {
    const name = /no matching .*(algorithm|cipher|MAC|format)/i.test(received)
      ? 'SOURCE_OUTDATED'
      : 'SOURCE_UNREACHABLE';
    return new NightfeedError(name, `${doing}: ${received}`, { cause: thrown });
  }
  return new NightfeedError(nameOf(thrown.code), `${doing}: status ${thrown.code}, ${received}`);
}

/** Codes of draft-ietf-secsh-filexfer, section 7; servers of version 3 know the first nine. */
export const END_OF_FILE = 1;
export const NO_SUCH_FILE = 2;
const PERMISSION_DENIED = 3;
const OP_UNSUPPORTED = 8;

function nameOf(code: number): ErrorName {
  if (code === NO_SUCH_FILE) return 'SOURCE_CHANGED';
  return code === PERMISSION_DENIED || code === OP_UNSUPPORTED ? 'SOURCE_DENIED' : 'SOURCE_UNREACHABLE';
}
