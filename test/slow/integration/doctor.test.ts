import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DoctorCheck } from '../../../src/cli/doctor/check.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import { MAIN, run, runMain } from '../../support/programs/program.ts';
import { TEST_KEY } from '../../support/runs/keys.ts';

let sandbox: Sandbox;
/** A HeyReach that answers every request with 503. */
let down: Server;
let home: string;
beforeAll(async () => {
  sandbox = await startSandbox();
  down = createServer((_request, response) => response.writeHead(503).end());
  await new Promise<void>((resolve) => down.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await sandbox?.close();
  down?.close();
});
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'heyreach-mcp-doctor-'));
  return () => rmSync(home, { recursive: true });
});

interface TlsStub {
  url: string;
  /** The file of its certificate, which no authority has signed. */
  certificate: string;
  requests(): number;
  close(): void;
}

/** A HeyReach over TLS that accepts every key. */
async function startTlsStub(): Promise<TlsStub> {
  const folder = mkdtempSync(join(tmpdir(), 'heyreach-mcp-tls-'));
  const [certificate, key] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const kind = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30'];
  const made = await run('openssl', ['req', ...kind, ...names, '-keyout', key, '-out', certificate]);
  expect(made.code, made.stderr).toBe(0);
  let requests = 0;
  const server = createTlsServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (_request, response) => {
    requests += 1;
    response.end('true');
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.close();
    rmSync(folder, { recursive: true });
  };
  return { url: `https://localhost:${port}`, certificate, requests: () => requests, close };
}

/** Runs doctor with --json. @returns the exit code and the checks by name. */
async function doctor(args: string[], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await runMain(['doctor', '--json', ...args], { env: { HOME: home, ...env } });
  expect(stderr).toBe('');
  const report = JSON.parse(stdout) as { code: number; checks: DoctorCheck[] };
  expect(report.code).toBe(code);
  for (const key of [TEST_KEY, env.HEYREACH_API_KEY ?? TEST_KEY]) expect(stdout).not.toContain(key);
  return { code, checks: Object.fromEntries(report.checks.map((check) => [check.name, check])) };
}
function writeHost(entry: object, mode = 0o600): void {
  mkdirSync(join(home, '.cursor'), { recursive: true });
  writeFileSync(join(home, '.cursor/mcp.json'), JSON.stringify({ mcpServers: { heyreach: entry, other: {} } }));
  chmodSync(join(home, '.cursor/mcp.json'), mode);
}

describe('heyreach-mcp doctor', () => {
  test('finds no problem with the sandbox, and starts the server itself', async () => {
    const { code, checks } = await doctor(['--sandbox', '--toolsets', 'inbox']);
    expect(code).toBe(0);
    expect(checks['self-test']?.detail).toMatch(/^the server starts in \d+ ms and shows 5 tools$/);
    expect(checks.settings?.detail).toBe('sandbox from --sandbox, toolsets from --toolsets');
    expect(checks.HeyReach?.status).toBe('skipped');
  });

  test('validates a good key with HeyReach', async () => {
    const { code, checks } = await doctor([], { HEYREACH_API_KEY: TEST_KEY, HEYREACH_BASE_URL: sandbox.url });
    expect([code, checks.key?.status, checks.HeyReach?.status]).toEqual([0, 'ok', 'ok']);
    expect(checks.settings?.detail).toBe('HEYREACH_API_KEY is set, HEYREACH_BASE_URL from HEYREACH_BASE_URL');
  });

  test('reports that HeyReach rejects a key', async () => {
    const env = { HEYREACH_API_KEY: 'invalid', HEYREACH_BASE_URL: sandbox.url };
    const { code, stdout } = await runMain(['doctor'], { env: { HOME: home, ...env } });
    expect(code).toBe(1);
    expect(stdout).toContain('FAILED   key: HeyReach rejects HEYREACH_API_KEY (HTTP 401)');
  });

  test('distinguishes an outage of HeyReach from an unreachable host', async () => {
    const { port } = down.address() as AddressInfo;
    const env = { HEYREACH_API_KEY: TEST_KEY, HTTPS_PROXY: 'http://127.0.0.1:9' };
    const broken = await doctor([], { ...env, HEYREACH_BASE_URL: `http://127.0.0.1:${port}` });
    expect([broken.code, broken.checks.HeyReach?.detail]).toEqual([1, expect.stringContaining('answered HTTP 503')]);
    const gone = await doctor([], { ...env, HEYREACH_BASE_URL: 'http://127.0.0.1:1' });
    expect([gone.code, gone.checks.key]).toEqual([1, undefined]);
    expect(gone.checks.HeyReach?.detail).toContain('cannot be reached: the connection was refused (ECONNREFUSED)');
    expect(gone.checks.HeyReach?.detail).toContain('HTTPS_PROXY has no effect');
  });

  test('reports an unknown host name, and makes no further request', async () => {
    const env = {
      HEYREACH_API_KEY: TEST_KEY,
      HEYREACH_BASE_URL: 'https://heyreach.invalid',
      HTTPS_PROXY: 'http://a.invalid',
    };
    const { code, checks } = await doctor([], env);
    expect([code, checks.DNS?.status, checks.TLS?.status, checks.HeyReach?.status]).toEqual([
      1,
      'failed',
      'skipped',
      'skipped',
    ]);
    expect(checks.DNS?.detail).toMatch(/^the name heyreach\.invalid cannot be resolved \(E\w+\)$/);
    expect(checks.DNS?.next).toContain('DNS server of this computer');
    expect(checks.HeyReach?.detail).toContain('HTTPS_PROXY has no effect');
  });

  describe('with a HeyReach behind TLS', () => {
    let secure: TlsStub;
    beforeAll(async () => {
      secure = await startTlsStub();
    });
    afterAll(() => secure?.close());
    const env = () => ({ HEYREACH_API_KEY: TEST_KEY, HEYREACH_BASE_URL: secure.url });

    test('names the setting that trusts an unknown certificate, and sends it no key', async () => {
      const before = secure.requests();
      const { code, checks } = await doctor([], env());
      expect([code, checks.TLS?.status, checks.HeyReach?.status, checks.key]).toEqual([
        1,
        'failed',
        'skipped',
        undefined,
      ]);
      expect(checks.TLS?.detail).toBe('the certificate of localhost is not accepted (DEPTH_ZERO_SELF_SIGNED_CERT)');
      expect(checks.TLS?.next).toContain('set NODE_EXTRA_CA_CERTS to its file');
      expect(secure.requests()).toBe(before);
    });

    test('finds no problem once the certificate is trusted', async () => {
      const before = secure.requests();
      const { code, checks } = await doctor([], { ...env(), NODE_EXTRA_CA_CERTS: secure.certificate });
      expect([code, checks.DNS?.status, checks.key?.status]).toEqual([0, 'ok', 'ok']);
      expect(checks.TLS?.detail).toMatch(/^TLSv1\.3, certificate of localhost until /);
      expect(checks.HeyReach?.detail).toContain('NODE_EXTRA_CA_CERTS adds certificates');
      expect(secure.requests()).toBe(before + 1);
    });

    test('reports that the host makes no TLS connection', async () => {
      const { port } = down.address() as AddressInfo;
      const { code, checks } = await doctor([], { ...env(), HEYREACH_BASE_URL: `https://127.0.0.1:${port}` });
      expect([code, checks.DNS?.status, checks.TLS?.status]).toEqual([1, 'skipped', 'failed']);
      expect(checks.TLS?.next).toContain('Check firewalls and HEYREACH_BASE_URL');
    });
  });

  test('validates the key of each workspace with HeyReach, and names the rejected key', async () => {
    const file = join(home, 'workspaces');
    writeFileSync(file, `acme ${TEST_KEY}\nglobex invalid\n`, { mode: 0o600 });
    const { code, checks } = await doctor([], { HEYREACH_WORKSPACES: file, HEYREACH_BASE_URL: sandbox.url });
    expect([code, checks['key of acme']?.status, checks['key of globex']?.status]).toEqual([1, 'ok', 'failed']);
    expect(checks['key of globex']?.detail).toBe('HeyReach rejects the key of the workspace globex (HTTP 401)');
    expect(checks['key of globex']?.next).toContain(`Replace the key in the line globex of ${file}.`);
    expect([checks.HeyReach?.status, checks.key]).toEqual(['ok', undefined]);
  });

  test.each([
    [['--mode', 'all'], {}, '--mode must be one of'],
    [[], {}, 'HEYREACH_API_KEY is not set'],
    [[], { HEYREACH_API_KEY: 'your-heyreach-api-key' }, 'holds the example text of a document'],
    [[], { HEYREACH_API_KEY: TEST_KEY, HEYREACH_BASE_URL: TEST_KEY }, 'must be scheme and host'],
  ])('reports wrong settings for %j with %j', async (args, env, problem) => {
    const { code, checks } = await doctor(args, env);
    expect([code, checks.settings?.status, checks.settings?.detail]).toEqual([
      2,
      'failed',
      expect.stringContaining(problem),
    ]);
  });

  test('checks files and ports', async () => {
    const { port } = down.address() as AddressInfo;
    const env = { HEYREACH_AUDIT_LOG: join(home, 'none/audit.jsonl'), HEYREACH_STATE_DIR: home };
    const { code, checks } = await doctor(['--sandbox', '--transport', 'http', '--port', String(port)], env);
    expect(code).toBe(1);
    expect(checks.HEYREACH_AUDIT_LOG?.status).toBe('failed');
    expect(checks.HEYREACH_STATE_DIR?.status).toBe('ok');
    expect(checks.port?.detail).toContain('cannot be used (EADDRINUSE)');
  });

  test('finds the entry that init wrote', async () => {
    expect((await runMain(['init', 'cursor', '--sandbox'], { env: { HOME: home } })).code).toBe(0);
    const { code, checks } = await doctor(['--sandbox']);
    expect([code, checks['Cursor: heyreach']]).toEqual([
      0,
      { name: 'Cursor: heyreach', status: 'ok', detail: `${home}/.cursor/mcp.json, mode draft` },
    ]);
  });

  const key = { HEYREACH_API_KEY: TEST_KEY };
  test.each<[what: string, entry: object, mode: number, status: string, detail: string]>([
    [
      'a command that no longer exists',
      { command: '/gone/node', args: [MAIN] },
      0o600,
      'failed',
      'a command that does not exist',
    ],
    [
      'a program that no longer exists',
      { command: 'node', args: ['/gone/heyreach-mcp/dist/main.js'] },
      0o600,
      'failed',
      'does not exist',
    ],
    [
      'an example key',
      { command: 'node', args: [MAIN], env: { HEYREACH_API_KEY: 'your-heyreach-api-key' } },
      0o600,
      'failed',
      'example text',
    ],
    [
      'a key that all users can read',
      { command: 'node', args: [MAIN], env: key },
      0o644,
      'warning',
      'can be read by other users',
    ],
    [
      'a reference to a variable',
      { command: 'node', args: [MAIN], env: { HEYREACH_API_KEY: '${env:HEYREACH_API_KEY}' } },
      0o644,
      'ok',
      'mode full',
    ],
    [
      'npx',
      { command: 'node', args: ['heyreach-mcp', '--mode=draft'], env: key },
      0o600,
      'ok',
      'mode draft, the latest version',
    ],
  ])('evaluates an entry with %s', async (_what, entry, mode, status, detail) => {
    writeHost(entry, mode);
    const { code, checks } = await doctor(['--sandbox']);
    expect(checks['Cursor: heyreach']).toMatchObject({ status, detail: expect.stringContaining(detail) });
    expect(code).toBe(status === 'failed' ? 1 : 0);
  });

  test('warns about a key in a git work tree, and about an unreadable file', async () => {
    writeHost({ command: 'node', args: [MAIN], env: key });
    mkdirSync(join(home, '.git'));
    mkdirSync(join(home, '.gemini'));
    writeFileSync(join(home, '.gemini/settings.json'), '{');
    const { code, checks } = await doctor(['--sandbox']);
    expect(code).toBe(0);
    expect(checks['Cursor: heyreach']?.detail).toContain('is in a git work tree');
    expect(checks['Gemini CLI']?.detail).toContain('is not valid JSON');
  });
});
