import { FTPError } from 'basic-ftp';
import { expect, test } from 'vitest';
import { ftpFailure } from '../../../lib/sources/ftp/ftp-failure.ts';

const reply = (code: number) => new FTPError({ code, message: `${code} the server says so` });
const broken = (code: string) => Object.assign(new Error('broken'), { code });

test.each([
  ['430 at the log-in', reply(430), 'SOURCE_LOGIN'],
  ['530 at the log-in', reply(530), 'SOURCE_LOGIN'],
  ['534, protection wanted', reply(534), 'SOURCE_TLS'],
  ['450, busy', reply(450), 'SOURCE_UNREACHABLE'],
  ['421, going away', reply(421), 'SOURCE_UNREACHABLE'],
  ['550, denied', reply(550), 'SOURCE_DENIED'],
  ['a reset', broken('ECONNRESET'), 'SOURCE_UNREACHABLE'],
  ['a certificate that ran out', broken('CERT_HAS_EXPIRED'), 'SOURCE_TLS'],
  ['another name in the certificate', broken('ERR_TLS_CERT_ALTNAME_INVALID'), 'SOURCE_TLS'],
])('%s', (_case, thrown, name) => {
  for (const isLoggedIn of [true, false])
    expect(ftpFailure(thrown, 'doing', { password: 'x', isLoggedIn }).name).toBe(name);
});

test('no TLS at the first handshake is a matter of TLS; in a session that stood it is a line that broke', () => {
  const thrown = broken('ERR_SSL_WRONG_VERSION_NUMBER');
  expect(ftpFailure(thrown, 'doing', { password: 'x', isLoggedIn: false }).name).toBe('SOURCE_TLS');
  expect(ftpFailure(thrown, 'doing', { password: 'x', isLoggedIn: true }).name).toBe('SOURCE_UNREACHABLE');
});

test('the password is not shown, whoever says it', () => {
  const { message } = ftpFailure(new Error('no such user: geheim'), 'doing', { password: 'geheim', isLoggedIn: false });
  expect(message).toBe('doing: no such user: ***');
});
