import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../../lib/local/embedded-postgres/server.ts';
import type { Certificate } from './certificates.ts';

/** Servers as `.ci/vendor-servers` unpacks them from Debian. */
export const packages = fileURLToPath(new URL('../../../node_modules/.cache/vendor-servers', import.meta.url));

/** Why they cannot be started here; undefined when they can. */
export const whyNoVendorServers = !existsSync(join(packages, 'complete'))
  ? '.ci/vendor-servers was not run'
  : process.getuid?.() !== 0
    ? 'they are started as root only'
    : undefined;

export const ftpServers = ['pure-ftpd', 'proftpd', 'vsftpd'] as const;
export type FtpServerName = (typeof ftpServers)[number];

export interface FtpServerSettings {
  /** Folder that is served; readable for everybody. */
  readonly root: string;
  /** Without it, plain FTP. */
  readonly tls?: {
    readonly certificate: Certificate;
    readonly version: 'TLSv1.2' | 'TLSv1.3';
    readonly implicit?: boolean;
  };
  /** Seconds after which the server closes an idle control connection. */
  readonly idle?: number;
}

export interface VendorServer {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  close(): Promise<void>;
}

const PASSWORD = 'only-for-this-test';

/** On loopback and a free port, in a folder of its own, which goes when it stops. */
export async function startFtp(name: FtpServerName, settings: FtpServerSettings): Promise<VendorServer> {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  chmodSync(folder, 0o755);
  const { certificate } = settings.tls ?? {};
  if (certificate) {
    writeFileSync(join(folder, 'cert.pem'), certificate.cert);
    writeFileSync(join(folder, 'key.pem'), certificate.key, { mode: 0o600 });
    writeFileSync(join(folder, 'both.pem'), certificate.key + certificate.cert, { mode: 0o600 });
  }
  // The one way to a TLS version that all of them know.
  const sections = 'openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\nsystem_default = tls\n[tls]\n';
  const { version } = settings.tls ?? {};
  if (version)
    writeFileSync(join(folder, 'openssl.cnf'), `${sections}MinProtocol = ${version}\nMaxProtocol = ${version}\n`);
  const port = await freePort();
  const [user, command, args] = commands[name](folder, port, settings);
  const env = version ? { OPENSSL_CONF: join(folder, 'openssl.cnf') } : {};
  return running(spawn(command, args, { env: { ...env, ...libraries(packages) }, ...quietly }), folder, { port, user });
}

type Commands = Record<
  FtpServerName,
  (folder: string, port: number, s: FtpServerSettings) => [string, string, string[]]
>;

const commands: Commands = {
  'pure-ftpd': (folder, port, { root, tls, idle }) => {
    const users = join(folder, 'users');
    // Its own hash is made to take seconds.
    writeFileSync(users, `demo:${hashed()}:65534:65534::${root}/./::::::::::::\n`);
    execFileSync(join(packages, 'usr/bin/pure-pw'), ['mkdb', `${users}.pdb`, '-f', users], {
      env: libraries(packages),
    });
    const secure = tls ? ['-Y', '3', '-2', join(folder, 'both.pem')] : [];
    const patience = idle ? ['-I', String(Math.ceil(idle / 60))] : [];
    const address = ['-S', `127.0.0.1,${port}`, '-l', `puredb:${users}.pdb`, '-g', join(folder, 'pid')];
    return ['demo', join(packages, 'usr/sbin/pure-ftpd'), [...address, '-E', '-H', '-A', ...secure, ...patience]];
  },
  proftpd: (folder, port, { root, tls, idle = 600 }) => {
    writeFileSync(join(folder, 'users'), `demo:${hashed()}:65534:65534::${root}:/bin/sh\n`, { mode: 0o600 });
    const secure = `LoadModule mod_tls.c
TLSEngine on
TLSRequired on
TLSECCertificateFile ${folder}/cert.pem
TLSECCertificateKeyFile ${folder}/key.pem
TLSProtocol ${tls?.version}
${tls?.implicit ? 'TLSOptions UseImplicitSSL' : ''}`;
    const configuration = `ServerType standalone
DefaultAddress 127.0.0.1
Port ${port}
ModulePath ${packages}/usr/lib/proftpd
User nobody
Group nogroup
PidFile ${folder}/pid
ScoreboardFile ${folder}/scoreboard
DelayEngine off
UseReverseDNS off
WtmpLog off
TransferLog none
SystemLog ${folder}/log
AuthOrder mod_auth_file.c
AuthUserFile ${folder}/users
RequireValidShell off
DefaultRoot ~
TimeoutIdle ${idle}
DefaultTransferMode ascii
AllowRetrieveRestart on
${tls ? secure : ''}`;
    writeFileSync(join(folder, 'conf'), configuration);
    return ['demo', join(packages, 'usr/sbin/proftpd'), ['-n', '-q', '-c', join(folder, 'conf')]];
  },
  vsftpd: (folder, port, { root, tls, idle = 300 }) => {
    mkdirSync(join(folder, 'empty'));
    writeFileSync(join(folder, 'passwords'), `${PASSWORD}\n`);
    const secure = `ssl_enable=YES
allow_anon_ssl=YES
force_anon_data_ssl=YES
force_anon_logins_ssl=YES
require_ssl_reuse=YES
ssl_ciphers=HIGH
rsa_cert_file=${folder}/cert.pem
rsa_private_key_file=${folder}/key.pem
implicit_ssl=${tls?.implicit ? 'YES' : 'NO'}`;
    // Its local users are the machine's, so ours is the anonymous one, who needs a password here.
    const configuration = `listen=YES
listen_address=127.0.0.1
listen_port=${port}
background=NO
anonymous_enable=YES
secure_email_list_enable=YES
email_password_file=${folder}/passwords
ftp_username=daemon
nopriv_user=daemon
anon_root=${root}
secure_chroot_dir=${folder}/empty
seccomp_sandbox=NO
isolate_network=NO
isolate=NO
xferlog_enable=NO
idle_session_timeout=${idle}
${tls ? secure : ''}`;
    writeFileSync(join(folder, 'conf'), configuration);
    return ['anonymous', join(packages, 'usr/sbin/vsftpd'), [join(folder, 'conf')]];
  },
};

/** OpenSSH's server, for a user's public key and with a host's private one. It runs as a user without a password: as root it would want one more user and a folder of the machine's. */
export async function startOpenSsh(keys: { user: string; host: string }): Promise<VendorServer> {
  const folder = mkdtempSync(join(tmpdir(), 'openssh-'));
  const daemon = 1;
  // Its clone may lie where only root can go.
  const copies = join(folder, 'packages');
  mkdirSync(join(copies, 'usr/sbin'), { recursive: true });
  cpSync(join(packages, 'usr/sbin/sshd'), join(copies, 'usr/sbin/sshd'));
  cpSync(join(packages, 'usr/lib'), join(copies, 'usr/lib'), { recursive: true, verbatimSymlinks: true });
  writeFileSync(join(folder, 'host'), keys.host, { mode: 0o600 });
  writeFileSync(join(folder, 'user.pub'), keys.user);
  const port = await freePort();
  const configuration = `Port ${port}
ListenAddress 127.0.0.1
HostKey ${folder}/host
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
AuthorizedKeysFile ${folder}/user.pub
ForceCommand internal-sftp
Subsystem sftp internal-sftp
`;
  writeFileSync(join(folder, 'conf'), configuration);
  for (const path of [folder, join(folder, 'host')]) chownSync(path, daemon, daemon);
  const child = spawn(join(copies, 'usr/sbin/sshd'), ['-D', '-e', '-f', join(folder, 'conf')], {
    uid: daemon,
    gid: daemon,
    env: libraries(copies),
    ...quietly,
  });
  return running(child, folder, { port, user: 'daemon' });
}

const hashed = () => execFileSync('openssl', ['passwd', '-6', '-stdin'], { input: PASSWORD }).toString().trim();

export const quietly: SpawnOptions = { stdio: ['ignore', 'pipe', 'pipe'], detached: true };

export function libraries(root: string): { LD_LIBRARY_PATH: string } {
  return {
    LD_LIBRARY_PATH: globSync(`${root}/usr/lib/*-linux-gnu`)
      .concat(globSync(`${root}/lib/*-linux-gnu`))
      .join(':'),
  };
}

/** Waits until it answers; its folder goes when it is closed. */
export async function running(
  child: ChildProcess,
  folder: string,
  { port, user }: { port: number; user: string },
): Promise<VendorServer> {
  const said: string[] = [];
  for (const stream of [child.stdout!, child.stderr!]) stream.setEncoding('utf8').on('data', (text) => said.push(text));
  const ended = once(child, 'exit');
  while (!(await answers(port))) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended at once:\n${said.join('')}`);
    await sleep(20);
  }
  const close = async () => {
    // With the processes of its sessions.
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGKILL');
    await ended;
    rmSync(folder, { recursive: true });
  };
  return { port, user, password: PASSWORD, close };
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
