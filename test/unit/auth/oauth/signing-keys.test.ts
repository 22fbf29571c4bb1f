import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { InvalidToken, IssuerUnavailable, SigningKeys } from '../../../../src/auth/oauth/signing-keys.ts';

type Answer = (path: string, response: ServerResponse) => void;

let server: Server;
let issuer: string;
let requests: string[];
let answer: Answer;
let later = 0;
beforeEach(async () => {
  requests = [];
  later = 0;
  server = createServer(({ url = '' }, response) => {
    requests.push(url);
    answer(url, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  answer = withKeys('a');
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + later);
});
afterEach(async () => {
  vi.restoreAllMocks();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const json = (response: ServerResponse, body: unknown) => response.end(JSON.stringify(body));
const withKeys =
  (...kids: string[]): Answer =>
  (path, response) => {
    if (path === '/jwks') json(response, kids);
    else if (path === '/.well-known/openid-configuration') json(response, { issuer, jwks_uri: `${issuer}/jwks` });
    else response.writeHead(404).end();
  };
const down: Answer = (_, response) => void response.writeHead(500).end();

function openKeys(options: { issuer?: string; timeoutMs?: number } = {}) {
  const failures: string[] = [];
  const keys = new SigningKeys<string[]>({
    issuer,
    parse: (document) => document as string[],
    onFailure: (reason) => failures.push(reason),
    ...options,
  });
  const find = (kid: string) => keys.find(async (known) => (known.includes(kid) ? kid : undefined));
  return { failures, find };
}
const keyRequests = () => requests.filter((path) => path === '/jwks').length;

test('reads the keys once for concurrent calls, and again after ten minutes', async () => {
  const { find } = openKeys();
  expect(await Promise.all([find('a'), find('a'), find('a')])).toEqual(['a', 'a', 'a']);
  expect(keyRequests()).toBe(1);
  later = 599_000;
  await find('a');
  expect(keyRequests()).toBe(1);
  later = 601_000;
  // Known keys do not wait for the issuer.
  await find('a');
  await expect.poll(keyRequests).toBe(2);
});

test('finds a new key with at most one request in 30 s, and forgets an old key at the next read', async () => {
  const { find } = openKeys();
  await find('a');
  answer = withKeys('b');
  await expect(find('b')).rejects.toThrow(InvalidToken);
  expect(keyRequests()).toBe(1);
  later = 31_000;
  expect(await find('b')).toBe('b');
  expect(keyRequests()).toBe(2);
  await expect(find('a')).rejects.toThrow(InvalidToken);
  for (let i = 0; i < 20; i += 1) await expect(find(`made-up-${i}`)).rejects.toThrow(InvalidToken);
  expect(keyRequests()).toBe(2);
});

describe('while the issuer does not answer', () => {
  test('known keys stay valid, and another key is neither accepted nor rejected', async () => {
    const { find, failures } = openKeys();
    await find('a');
    answer = down;
    later = 3_600_000;
    expect(await find('a')).toBe('a');
    await expect(find('b')).rejects.toThrow(IssuerUnavailable);
    expect(failures[0]).toContain('500');
    const sent = requests.length;
    // No request goes to the issuer for five seconds after a failure.
    for (let i = 0; i < 20; i += 1) await expect(find('b')).rejects.toThrow(IssuerUnavailable);
    expect(requests).toHaveLength(sent);
    answer = withKeys('a', 'b');
    later += 5_001;
    expect(await find('b')).toBe('b');
  });

  test('accepts and rejects nothing at the start', async () => {
    answer = down;
    const { find } = openKeys();
    await expect(find('a')).rejects.toThrow(IssuerUnavailable);
    answer = withKeys('a');
    later = 5_001;
    expect(await find('a')).toBe('a');
  });

  test('a slow answer counts as no answer', async () => {
    answer = () => {};
    const { find, failures } = openKeys({ timeoutMs: 50 });
    await expect(find('a')).rejects.toThrow(IssuerUnavailable);
    expect(failures).toHaveLength(1);
  });
});

describe('the metadata', () => {
  test('is also found at the path that RFC 8414 defines, with the path of the issuer', async () => {
    issuer = `${issuer}/realms/one`;
    const { origin } = new URL(issuer);
    answer = (path, response) => {
      if (path === '/jwks') json(response, ['a']);
      else if (path !== '/.well-known/oauth-authorization-server/realms/one') response.writeHead(404).end();
      else json(response, { issuer, jwks_uri: `${origin}/jwks` });
    };
    expect(await openKeys().find('a')).toBe('a');
  });

  test.each<[what: string, metadata: () => unknown, reason: string]>([
    ['names another issuer', () => ({ issuer: `${issuer}/`, jwks_uri: `${issuer}/jwks` }), 'names another issuer'],
    ['names no keys', () => ({ issuer }), 'no valid jwks_uri'],
    ['names keys without https', () => ({ issuer, jwks_uri: 'http://login.example.com/jwks' }), 'no valid jwks_uri'],
    ['is no object', () => 'metadata', 'names another issuer'],
  ])('that %s is rejected', async (_, metadata, reason) => {
    answer = (_path, response) => json(response, metadata());
    const { find, failures } = openKeys();
    await expect(find('a')).rejects.toThrow(IssuerUnavailable);
    expect(failures[0]).toContain(reason);
    expect(keyRequests()).toBe(0);
  });

  test('a redirect of the metadata is rejected', async () => {
    answer = (path, response) => {
      if (path === '/moved') json(response, { issuer, jwks_uri: `${issuer}/jwks` });
      else response.writeHead(302, { location: '/moved' }).end();
    };
    await expect(openKeys().find('a')).rejects.toThrow(IssuerUnavailable);
    expect(requests).not.toContain('/moved');
  });
});
