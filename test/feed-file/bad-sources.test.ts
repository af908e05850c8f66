import { expect, test } from 'vitest';
import { complaintsOf, good } from './complaints.ts';

const dates =
  'dates are {date}, {yyyymmdd}, {ddmmyyyy}, {yymmdd}, {yyyy}, {mm}, {dd}, and {date:…} with YYYY, YY, MONTH, Month, month, MON, Mon, mon, MM, M, DD, D and what is between them, such as {date:DD-MON-YYYY}';
const hostKey = `SHA256:${'a'.repeat(43)}`;

/** A piece of the good feed, what is written in its place, and the whole complaint. */
test.each<[piece: string, fault: string, complaint: string]>([
  ['source:\n  folder: ./inbox\n', '', '1: source: expected folder, ftp, sftp or s3, received nothing'],
  ['source:\n  folder: ./inbox', 'source: ./inbox', '2: source: expected folder, ftp, sftp or s3, received "./inbox"'],
  ['folder: ./inbox', 'http: {host: h}', '2: source: expected folder, ftp, sftp or s3, received http'],
  [
    '  folder: ./inbox',
    '  folder: ./inbox\n  ftp: {host: h}',
    '4: source.ftp: expected one of folder, links, ignore_case, received "ftp"',
  ],
  ['folder: ./inbox', 'ftp: {port: 21}', '3: source.ftp.host: expected text, received nothing'],
  ['folder: ./inbox', 'ftp: {host: h, port: 70000}', '3: source.ftp.port: expected at most 65535, received 70000'],
  [
    'folder: ./inbox',
    'ftp: {host: h, tls: yes}',
    '3: source.ftp.tls: expected none or explicit or implicit, received "yes"',
  ],
  [
    'folder: ./inbox',
    'ftp: {host: h, ca: "file:/ca.pem"}',
    '3: source.ftp: ca and certificate are for TLS; expected tls: explicit or tls: implicit',
  ],
  [
    'folder: ./inbox',
    'ftp: {host: h, tls: explicit, certificate: ab}',
    '3: source.ftp.certificate: expected a SHA-256 fingerprint, 32 pairs of hexadecimal digits with colons between them, received "ab"',
  ],
  [
    'folder: ./inbox',
    'sftp: {host: h, user: u, password: "env:P"}',
    '3: source.sftp.host_key: expected one fingerprint SHA256:… or a list of them, received nothing',
  ],
  [
    'folder: ./inbox',
    'sftp: {host: h, user: u, password: "env:P", host_key: "MD5:ab"}',
    '3: source.sftp.host_key: expected a fingerprint such as SHA256:… with 43 characters, as `ssh-keygen -lf` prints it, received "MD5:ab"',
  ],
  [
    'folder: ./inbox',
    's3: {bucket: Vendor_Files}',
    '3: source.s3.bucket: expected the name of a bucket, such as vendor-deliveries, received "Vendor_Files"',
  ],
  [
    'folder: ./inbox',
    's3: {bucket: vendor, endpoint: "https://user:pw@h"}',
    '3: source.s3.endpoint: expected the address of a server, such as https://s3.vendor.example, received "https://…@h"',
  ],
  [
    'folder: ./inbox',
    's3: {bucket: vendor, access_key: "env:K"}',
    '3: source.s3: expected access_key and secret_key, or neither, received bucket, access_key',
  ],
  [
    'folder: ./inbox',
    's3: {bucket: vendor, profile: p, access_key: "env:K", secret_key: "env:S"}',
    '3: source.s3: expected profile, or access_key and secret_key, not both, received bucket, profile, access_key, secret_key',
  ],
  [
    'folder: ./inbox',
    `sftp: {host: h, user: u, host_key: "${hostKey}"}`,
    '3: source.sftp: expected password or key, or both, received host, user, host_key',
  ],
  [
    'folder: ./inbox',
    `sftp: {host: h, user: u, password: "env:P", passphrase: "env:Q", host_key: "${hostKey}"}`,
    '3: source.sftp: a passphrase is for a key; expected key too',
  ],
  ['./inbox', './inbox/{YYYYMMDD}', `3: source.folder: {YYYYMMDD} is not a date; ${dates}`],
])('%j → %j', (piece, fault, complaint) => {
  expect(complaintsOf(good.replace(piece, fault))).toBe(`feed.yaml:${complaint}`);
});
