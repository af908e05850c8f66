import { startFtpServer } from '../ftp-server.ts';

/** An FTP server that sends every file of a folder as this many bytes, one every 20 ms; says its port. */
const [root, host, bytes] = process.argv.slice(2) as [string, string, string];
const server = await startFtpServer({ root, host });
server.inject({ kind: 'drip', content: 'x'.repeat(Number(bytes)) });
console.log(server.port);
