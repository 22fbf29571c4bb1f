import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { block } from '../../support/documents/documents.ts';
import { freePort } from '../../support/programs/free-port.ts';
import { cleanEnvironment, run, stopChild } from '../../support/programs/program.ts';
import { pause } from '../../support/runs/timing.ts';

/** The name that the documented blocks serve. */
export const NAME = 'mcp.example.com';

/** A proxy in front of the program. */
export interface ProxyServer {
  /** `https://mcp.example.com:PORT`, which is this machine in a test. */
  origin: string;
  port: number;
  /** The CA of its certificate. */
  ca: string;
  /** The text of all its logs. */
  logs(): string;
  stop(): Promise<unknown>;
}

export interface ProxyOptions {
  /** The address of the program, or of several replicas. */
  target: string | readonly string[];
  /** Without TLS, for clients that do not trust the certificate of a test. */
  isPlain?: boolean;
  /** Changes the block, to show that a directive is necessary. */
  edit?: (block: string) => string;
}

/** Starts nginx with the documented block. Only ports, certificate and the paths of the logs differ. */
export async function startNginx({
  target,
  isPlain = false,
  edit = (block) => block,
}: ProxyOptions): Promise<ProxyServer> {
  const { folder, port, certificate, key } = await prepare();
  const place = (name: string) => join(folder, name);
  const server = replaceEach(edit(block('nginx')), {
    'server 127.0.0.1:3000;': hostsOf(target)
      .map((host) => `server ${host};`)
      .join('\n'),
    'listen 443 ssl http2;': `listen 127.0.0.1:${port}${isPlain ? '' : ' ssl http2'};`,
    '/etc/letsencrypt/live/mcp.example.com/fullchain.pem': certificate,
    '/etc/letsencrypt/live/mcp.example.com/privkey.pem': key,
    '/var/log/nginx/heyreach-mcp.log': place('access.log'),
  });
  const scratch = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const config = [
    'daemon off;',
    // Workers of nginx would run as another user, who may not read the folder.
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    `pid ${place('nginx.pid')};`,
    'events { worker_connections 1024; }',
    'http {',
    ...scratch.map((name) => `${name}_temp_path ${place(name)};`),
    server,
    '}',
  ];
  writeFileSync(place('nginx.conf'), config.join('\n'));
  const child = spawn('nginx', ['-p', folder, '-e', place('error.log'), '-c', place('nginx.conf')], {
    env: cleanEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return serveWith(child, { folder, port, certificate, files: ['access.log', 'error.log'] });
}

/** Starts Caddy with the documented block. Only port and certificate differ. */
export async function startCaddy({ target, edit = (block) => block }: ProxyOptions): Promise<ProxyServer> {
  const { folder, port, certificate, key } = await prepare();
  const site = replaceEach(edit(block('caddy')), {
    '{\n\t#': '{\n\tadmin off\n\tauto_https off\n\t#',
    [`${NAME} {`]: `https://${NAME}:${port} {\n\tbind 127.0.0.1\n\ttls ${certificate} ${key}`,
    '127.0.0.1:3000': hostsOf(target).join(' '),
  });
  writeFileSync(join(folder, 'Caddyfile'), `${site}\n`);
  const child = spawn('caddy', ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'], {
    env: { ...cleanEnvironment(), HOME: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return serveWith(child, { folder, port, certificate, files: [] });
}

function hostsOf(target: ProxyOptions['target']): string[] {
  return [target].flat().map((url) => new URL(url).host);
}

function replaceEach(text: string, replacements: Record<string, string>): string {
  return Object.entries(replacements).reduce((before, [old, fresh]) => {
    if (!before.includes(old)) throw new Error(`the block does not have ${old}`);
    return before.replaceAll(old, fresh);
  }, text);
}

/** A folder for the files of a proxy, a free port, and a certificate made for this run. */
async function prepare() {
  const folder = mkdtempSync(join(tmpdir(), 'heyreach-mcp-proxy-'));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const kind = `req -x509 -nodes -newkey rsa:2048 -days 2 -subj /CN=${NAME} -addext subjectAltName=DNS:${NAME}`;
  const made = await run('openssl', [...kind.split(' '), '-keyout', key, '-out', certificate]);
  if (made.code !== 0) throw new Error(`openssl ended with ${made.code}: ${made.stderr}`);
  return { folder, port: await freePort(), certificate, key };
}

async function serveWith(
  child: ChildProcess,
  { folder, port, certificate, files }: { folder: string; port: number; certificate: string; files: string[] },
): Promise<ProxyServer> {
  let written = '';
  let fault: string | undefined;
  child.stderr?.on('data', (chunk) => {
    written += chunk;
  });
  child.once('error', (error) => {
    fault = `is it installed? ${error.message}`;
  });
  child.once('exit', (code) => {
    fault = `ended with ${code}`;
  });
  while (!(await canConnect(port))) {
    if (fault !== undefined) throw new Error(`${child.spawnfile}: ${fault} ${written}`);
    await pause(20);
  }
  const ca = readFileSync(certificate, 'utf8');
  const read = (name: string) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '');
  return {
    origin: `https://${NAME}:${port}`,
    port,
    ca,
    logs: () => [written, ...files.map(read)].join('\n'),
    async stop() {
      await stopChild(child);
      rmSync(folder, { recursive: true });
    },
  };
}

async function canConnect(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const connected = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return connected;
}
