import { FTPError } from 'basic-ftp';
import { type ErrorName, NightfeedError } from '../../core/errors.ts';
import { receivedText } from '../common/received-text.ts';

/** What came on the control connection, or happened to it, instead of the confirmation after the last byte of a file. */
export class Unconfirmed extends Error {
  constructor(cause: unknown) {
    super('', { cause });
  }
}

/** Any failure of an FTP connection as a NightfeedError. `password` is removed from text that the server may have echoed. */
export function ftpFailure(
  thrown: unknown,
  doing: string,
  { password, isLoggedIn }: { password: string | undefined; isLoggedIn: boolean },
): NightfeedError {
  if (thrown instanceof NightfeedError)
    return new NightfeedError(thrown.name, `${doing}: ${thrown.message}`, { hint: thrown.hint });
  if (thrown instanceof Unconfirmed) {
    const failure = ftpFailure(thrown.cause, doing, { password, isLoggedIn });
    if (failure.name !== 'SOURCE_UNREACHABLE' || isRefusal(thrown.cause)) return failure;
    const message = `${failure.message}, after the last byte`;
    return new NightfeedError('SOURCE_UNCONFIRMED', message, { cause: failure.cause });
  }
  const received = receivedText(thrown instanceof Error ? thrown.message : String(thrown), [password]);
  const name = thrown instanceof FTPError ? nameOfReply(thrown.code) : nameOfError(thrown, isLoggedIn);
  // The message has the reply already, without the password. As a cause the reply would still contain it.
  return new NightfeedError(name, `${doing}: ${received}`, thrown instanceof FTPError ? {} : { cause: thrown });
}

/** Codes of RFC 959, of RFC 2228 and its successors (53x and 52x, about encryption), and 430, which old servers send for 530. */
function nameOfReply(code: number): ErrorName {
  if (code === 430 || code === 530 || code === 532) return 'SOURCE_LOGIN';
  if (code === 521 || code === 522 || (code >= 533 && code <= 537)) return 'SOURCE_TLS';
  return code >= 500 ? 'SOURCE_DENIED' : 'SOURCE_UNREACHABLE';
}

/** Whether the server itself says that a transfer failed. With 421 it only says that it closes the connection. */
const isRefusal = (thrown: unknown) => thrown instanceof FTPError && thrown.code !== 421;

/** Codes of OpenSSL's verification and protocol errors. basic-ftp's own errors, such as time-outs, have no code. */
const tlsCode =
  /^(ERR_TLS|ERR_SSL|EPROTO$|CERT_|CRL_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERROR_IN_CERT|INVALID_|HOSTNAME_)/;

/** Servers that end a TLS session write a line of plain text into it, which OpenSSL reports as a protocol error. */
const brokenCode = /^(ERR_SSL|EPROTO$)/;

/** The text of an error of basic-ftp that has no code. */
const tooLong = 'FTP control response exceeded maximum allowed size';

function nameOfError(thrown: unknown, isLoggedIn: boolean): ErrorName {
  if (thrown instanceof Error && thrown.message.includes(tooLong)) return 'ANSWER_TOO_LONG';
  const code = String((thrown as NodeJS.ErrnoException | undefined)?.code);
  return tlsCode.test(code) && !(isLoggedIn && brokenCode.test(code)) ? 'SOURCE_TLS' : 'SOURCE_UNREACHABLE';
}
