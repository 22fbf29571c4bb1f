import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../../src/config/load-config.ts';
import type { Setting } from '../../src/config/setting-types.ts';
import { settings } from '../../src/config/settings.ts';
import { block, root } from '../support/documents/documents.ts';

interface Service {
  image: string;
  build?: string;
  command?: string;
  env_file?: string;
  environment?: Record<string, string>;
  deploy?: { replicas: number };
  depends_on?: Record<string, { condition: string }>;
  expose?: string[];
  ports?: string[];
  volumes?: string[];
  networks: string[];
  healthcheck?: { test: string[]; interval: string; timeout: string; retries: number };
  stop_grace_period?: string;
}

const read = (path: string) => readFileSync(`${root}${path}`, 'utf8');
const text = read('compose.yaml');
const file = parse(text) as {
  services: Record<'mcp' | 'redis' | 'nginx', Service>;
  networks: Record<string, { internal?: boolean } | null>;
};
const { mcp, redis, nginx } = file.services;
const all = Object.values(settings) as Setting<unknown>[];
const example = parseEnv(read('deploy/heyreach.env.example')) as Record<string, string>;

describe('compose.yaml', () => {
  test('builds the image of the Dockerfile, and pins the versions of the other images', () => {
    expect(Object.keys(file.services)).toEqual(['mcp', 'redis', 'nginx']);
    expect([mcp.build, mcp.image, existsSync(`${root}Dockerfile`)]).toEqual(['.', 'heyreach-mcp', true]);
    expect(redis.image).toMatch(/^redis:7\.\d+-alpine$/);
    expect(nginx.image).toMatch(/^nginx:1\.\d+-alpine$/);
  });

  test('sets only existing variables, with which the server starts', () => {
    const variables = { ...example, ...mcp.environment };
    const known = all.map(({ variable }) => variable);
    expect(Object.keys(variables).filter((name) => !known.includes(name))).toEqual([]);
    const replicas = Number(mcp.environment?.HEYREACH_REPLICAS);
    expect([replicas, mcp.deploy?.replicas]).toEqual([3, 3]);
    const start = parseConfig([], { ...variables, HEYREACH_STATE_SECRET: 'made-up-secret-of-32-characters-!' });
    expect(start).toMatchObject({
      ok: true,
      config: { transport: 'http', host: '0.0.0.0', port: 3000, mode: 'draft', replicas },
    });
    // Without the secret the server reports it, and does not start with a different random secret in each replica.
    expect(parseConfig([], variables)).toMatchObject({
      ok: false,
      problem: expect.stringContaining('HEYREACH_STATE_SECRET'),
    });
  });

  test('contains no secret: the file with secrets is outside git', () => {
    const secrets = all.filter(({ secret }) => secret === true).map(({ variable }) => variable!);
    expect(secrets).toContain('HEYREACH_STATE_SECRET');
    expect(secrets.filter((name) => mcp.environment?.[name] !== undefined)).toEqual([]);
    expect(example.HEYREACH_STATE_SECRET).toBe('');
    expect(new URL(example.HEYREACH_REDIS_URL!).password).toBe('');
    expect(mcp.env_file).toBe('deploy/heyreach.env');
    expect(read('.gitignore').split('\n')).toContain(mcp.env_file);
    expect(block('compose')).toContain(`cp deploy/heyreach.env.example ${mcp.env_file}`);
  });

  test('publishes only the port of nginx, and hides Redis', () => {
    expect([mcp.ports, redis.ports, nginx.ports]).toEqual([undefined, undefined, ['443:443']]);
    expect(mcp.expose).toEqual([mcp.environment?.HEYREACH_MCP_PORT]);
    expect([mcp.networks, redis.networks, nginx.networks]).toEqual([['front', 'store'], ['store'], ['front']]);
    expect(file.networks).toEqual({ front: null, store: { internal: true } });
    const { hostname, port } = new URL(example.HEYREACH_REDIS_URL!);
    expect([hostname, port]).toEqual(['redis', '6379']);
  });

  test('starts each service after its dependencies are healthy', () => {
    expect(Object.entries(mcp.depends_on ?? {})).toEqual([['redis', { condition: 'service_healthy' }]]);
    expect(Object.entries(nginx.depends_on ?? {})).toEqual([['mcp', { condition: 'service_healthy' }]]);
    expect(mcp.healthcheck).toBeUndefined();
    expect(read('Dockerfile')).toContain('HEALTHCHECK');
    expect(redis.healthcheck?.test).toEqual(['CMD', 'redis-cli', 'ping']);
    expect(nginx.healthcheck?.test.at(-1)).toBe('https://127.0.0.1/healthz');
  });

  test('runs Redis with the documented policy, and gives calls the documented time', () => {
    expect(redis.command).toContain('--maxmemory-policy noeviction');
    expect(block('replicas')).toContain(redis.command?.slice(redis.command.indexOf('--maxmemory')));
    const seconds = /TimeoutStopSec=(\d+)/.exec(block('systemd'))?.[1];
    expect(mcp.stop_grace_period).toBe(`${seconds}s`);
  });

  test('mounts the tested configuration of nginx', () => {
    expect(nginx.volumes).toEqual([
      './deploy/nginx.conf:/etc/nginx/conf.d/default.conf:ro',
      '/etc/letsencrypt:/etc/letsencrypt:ro',
    ]);
    const configuration = read('deploy/nginx.conf').split('\n').slice(1).join('\n').trim();
    const tested = block('nginx');
    expect(tested).toContain('server 127.0.0.1:3000;');
    expect(configuration).toBe(tested.replace('server 127.0.0.1:3000;', `server mcp:${mcp.expose?.[0]};`));
    expect(tested).toContain(`server_name ${mcp.environment?.HEYREACH_ALLOWED_HOSTS};`);
  });
});
