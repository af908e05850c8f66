import { FTPError } from 'basic-ftp';
import { type ErrorName, NightfeedError } from '../../core/errors.ts';
import { receivedText } from '../common/received-text.ts';

/** Any failure of an FTP connection under its name of ours. `password` is kept out of what a server may echo. */
export function ftpFailure(
  thrown: unknown,
  doing: string,
  { password, isLoggedIn }: { password: string | undefined; isLoggedIn: boolean },
): NightfeedError {
  if (thrown instanceof NightfeedError)
    return new NightfeedError(thrown.name, `${doing}: ${thrown.message}`, { hint: thrown.hint });
  const received = receivedText(thrown instanceof Error ? thrown.message : String(thrown), [password]);
  const name = thrown instanceof FTPError ? nameOfReply(thrown.code) : nameOfError(thrown, isLoggedIn);
  // A reply is in the message already, without the password; as a cause it would still hold it.
  return new NightfeedError(name, `${doing}: ${received}`, thrown instanceof FTPError ? {} : { cause: thrown });
}

/** Codes of RFC 959, RFC 2228 (53x about protection, 52x of its successors) and 430, which old servers use for 530. */
function nameOfReply(code: number): ErrorName {
  if (code === 430 || code === 530 || code === 532) return 'SOURCE_LOGIN';
  if (code === 521 || code === 522 || (code >= 533 && code <= 537)) return 'SOURCE_TLS';
  return code >= 500 ? 'SOURCE_DENIED' : 'SOURCE_UNREACHABLE';
}

/** Codes of OpenSSL's verification and protocol errors. basic-ftp's own errors, its time-outs among them, have none. */
const tlsCode =
  /^(ERR_TLS|ERR_SSL|EPROTO$|CERT_|CRL_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERROR_IN_CERT|INVALID_|HOSTNAME_)/;

/** Servers that give up a session write that into it as plain text, which is a fault of the protocol too. */
const brokenCode = /^(ERR_SSL|EPROTO$)/;

/** Of basic-ftp, which gives it no code. */
const tooLong = 'FTP control response exceeded maximum allowed size';

function nameOfError(thrown: unknown, isLoggedIn: boolean): ErrorName {
  if (thrown instanceof Error && thrown.message.includes(tooLong)) return 'ANSWER_TOO_LONG';
  const code = String((thrown as NodeJS.ErrnoException | undefined)?.code);
  return tlsCode.test(code) && !(isLoggedIn && brokenCode.test(code)) ? 'SOURCE_TLS' : 'SOURCE_UNREACHABLE';
}
