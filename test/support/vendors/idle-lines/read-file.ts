import { buffer } from 'node:stream/consumers';
import { ftpSource } from '../../../../lib/sources/ftp/ftp.ts';

/** Reads a file over FTP, with probes after these milliseconds; says how many bytes came, or the name of the failure. */
const [host, port, keepAliveMilliseconds] = process.argv.slice(2) as [string, string, string];
const source = ftpSource({
  host,
  port: Number(port),
  user: 'demo',
  password: 'any',
  tls: 'none',
  path: '/',
  timeoutMilliseconds: 2000,
  keepAliveMilliseconds: Number(keepAliveMilliseconds),
});
console.log(
  await buffer(source.read('a.bin')).then(
    ({ length }) => length,
    ({ name }) => name,
  ),
);
await source.close();
