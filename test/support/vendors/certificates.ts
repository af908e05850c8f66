import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

const openssl = (folder: string, command: string) =>
  promisify(execFile)('openssl', command.split(' '), { cwd: folder });
const newKey = (name: string) =>
  `-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ${name}.key -subj /CN=${name}`;

/** A certificate authority of the test's own in `folder`; `cert` is what a client trusts. */
export async function makeAuthority(folder: string): Promise<Certificate> {
  await openssl(folder, `req -x509 -days 2 -out authority.pem ${newKey('authority')}`);
  return readPair(folder, 'authority');
}

/** A server certificate signed by the authority in the same folder; `names` as in `DNS:localhost,IP:127.0.0.1`. */
export async function makeCertificate(folder: string, name: string, names: string, days = 2): Promise<Certificate> {
  await writeFile(join(folder, `${name}.ext`), `subjectAltName=${names}\n`);
  await openssl(folder, `req -out ${name}.csr ${newKey(name)}`);
  const signer = '-CA authority.pem -CAkey authority.key -CAcreateserial';
  await openssl(folder, `x509 -req -in ${name}.csr -out ${name}.pem -days ${days} -extfile ${name}.ext ${signer}`);
  return readPair(folder, name);
}

async function readPair(folder: string, name: string): Promise<Certificate> {
  const [key, cert] = await Promise.all([
    readFile(join(folder, `${name}.key`), 'utf8'),
    readFile(join(folder, `${name}.pem`), 'utf8'),
  ]);
  return { key, cert };
}
