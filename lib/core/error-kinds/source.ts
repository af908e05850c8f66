import { type ErrorKind, failed, transient, usage } from './error-kind.ts';

/** The way to the vendor, and what a feed file may name on it. */
export const sourceErrors = {
  SOURCE_UNREACHABLE: transient(
    'The connection could not be made, broke, or stalled.',
    'Check host, port and firewall, then run the same command again.',
  ),
  SOURCE_UNCONFIRMED: transient(
    "All bytes of a file came, but never the server's answer that these are all, and a second look could not prove it ([when it can](sources.md#what-happens-when-the-line-breaks)).",
    'Production is unchanged. Run the same command again. If it stays so, ask the vendor to raise the time after which the server or a firewall closes an idle control connection.',
  ),
  SOURCE_CHANGED: transient(
    'The file changed while it was listed or transferred.',
    'The vendor was still writing. Run the same command again.',
  ),
  SOURCE_SHORT: transient(
    'The server sent fewer bytes than it announced, whatever it said afterwards.',
    'The transfer ended early. Run the same command again.',
  ),
  SOURCE_LONG: transient(
    'The server sent more bytes than it announces, though the file did not change. It may translate line ends.',
    'The server sends more than it says. Most that do translate line ends; ask the vendor to serve files as they are (binary).',
  ),
  LISTING_UNREADABLE: failed(
    "A line of the server's listing cannot be understood. It may be a file of the delivery, so nothing was taken.",
    'Nothing was taken, since the line may be a part of the delivery. Ask the vendor for MLSD or SFTP, or report the line.',
  ),
  LISTING_TOO_LONG: failed(
    'The folder at the source has more names, or more files of the feed, than nightfeed reads ([how many](sources.md#how-much-a-server-may-send)). Nothing was taken.',
    'Nothing was taken. Have the vendor move old files away, or give the delivery a folder of its own, such as one with `{date}` in its path.',
  ),
  ANSWER_TOO_LONG: failed(
    "The server's answer to a command (not a listing or a file) is longer than any such answer should be.",
    'Nothing of it was taken. Check that the feed file names the right server, and ask the vendor.',
  ),
  SOURCE_SLOW: failed(
    'The transfer was still going on when the next night had to begin; or the server answers so slowly that the transfer would never end ([how long it may take](sources.md#how-much-a-server-may-send)). Before the deadline a listing that is too slow is tried again.',
    'The connection is too slow for the size of this delivery. Ask the vendor for compressed files or a faster connection.',
  ),
  SOURCE_LOGIN: failed(
    'The server refuses the user or the password. Not tried again, so that no account is locked.',
    'Check user and password in the vault, then run the same command again.',
  ),
  SOURCE_TLS: failed(
    "The server's certificate cannot be verified, or it offers no TLS although the feed asks for it.",
    'Check the certificate and the host name with the vendor. Verification cannot be switched off.',
  ),
  SOURCE_HOST_KEY: failed(
    'The SFTP server showed another key than the feed file allows. User and password were not sent.',
    'Ask the vendor whether the key of the server changed. Only when they confirm the new fingerprint, put it into the feed file.',
  ),
  SOURCE_OUTDATED: failed(
    'The SFTP server offers only algorithms that are no longer safe.',
    'Ask the vendor to allow current algorithms on the server; old ones can be broken on the way and are not offered.',
  ),
  SOURCE_DENIED: failed(
    'The server denies the folder or the file.',
    'Check path and rights on the server, then run the same command again.',
  ),
  SECRET_REFUSED: usage(
    'The feed names a secret that is reserved, or that is not on the list in `NIGHTFEED_SECRETS`. Nothing was sent to anybody ([what a feed file may name](security.md#the-feed-file-and-its-secrets)).',
    "Nothing was sent. Give the vendor's secret a variable, a file or a name of its own; docs/security.md lists what is reserved.",
  ),
  FILE_REFUSED: usage(
    'A file or folder that the feed names lies in none of the folders that `NIGHTFEED_FILES` or `NIGHTFEED_SECRETS` names.',
    'Nothing was read. Put the file into a folder of NIGHTFEED_FILES, or add its folder there.',
  ),
  SECRET_MISSING: failed(
    'A variable or file that the feed names as a secret does not exist.',
    'Set the variable or the file that the feed file names, then run the same command again.',
  ),
} as const satisfies Record<string, ErrorKind>;
