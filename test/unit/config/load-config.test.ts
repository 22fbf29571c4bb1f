import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { helpText, settingsTable } from '../../../src/config/help.ts';
import { type AuthMode, authModeOf, parseConfig } from '../../../src/config/load-config.ts';

test.each<[mode: AuthMode, sandbox: boolean, apiKey: string | undefined, tokens: string | undefined]>([
  ['caller_keys', false, undefined, undefined],
  ['loopback_only', false, 'a-key', undefined],
  ['loopback_only', true, undefined, undefined],
  ['loopback_only', true, 'a-key', undefined],
  ['bearer_tokens', false, 'a-key', 'a-file'],
  ['bearer_tokens', true, undefined, 'a-file'],
  ['bearer_tokens', true, 'a-key', 'a-file'],
])('%s: sandbox %j, key %j, tokens %j', (mode, sandbox, apiKey, tokens) => {
  expect(authModeOf({ sandbox, apiKey, tokens })).toBe(mode);
});

const read = (env: Record<string, string>) => parseConfig(['--transport', 'http', '--sandbox'], env);

test.each(['1e1', '0x10', '5.0', '+5', '1 0', '65', '0', '99999999999999999999'])(
  'a number setting rejects %j',
  (text) => {
    expect(read({ HEYREACH_MAX_BODY_MIB: text })).toEqual({
      ok: false,
      problem: `HEYREACH_MAX_BODY_MIB must be a whole number from 1 to 64 (got "${text}")`,
    });
  },
);

test.each([
  ['7', 7],
  ['007', 7],
  [' 7 ', 7],
  ['', 4],
])('a number setting reads %j as %d', (text, maxBody) => {
  expect(read({ HEYREACH_MAX_BODY_MIB: text })).toMatchObject({ config: { maxBody } });
});

test.each([
  ['1', true],
  ['TRUE', true],
  ['Yes', true],
  ['on', true],
  ['0', false],
  ['False', false],
  ['no', false],
  ['OFF', false],
  ['', false],
])('a switch reads %j as %j', (text, sandbox) => {
  const env = { HEYREACH_SANDBOX: text, HEYREACH_API_KEY: 'a-key' };
  expect(parseConfig([], env)).toMatchObject({ config: { sandbox } });
});

test('a switch rejects every other word', () => {
  expect(parseConfig([], { HEYREACH_SANDBOX: 'y' })).toEqual({
    ok: false,
    problem: 'HEYREACH_SANDBOX must be 1 or 0 (got "y")',
  });
});

test.each([
  ['~/audit.jsonl', join(homedir(), 'audit.jsonl')],
  ['~', homedir()],
  ['/var/lib/~/audit.jsonl', '/var/lib/~/audit.jsonl'],
  ['audit.jsonl', 'audit.jsonl'],
  ['', undefined],
])('a path setting reads %j', (text, path) => {
  expect(read({ HEYREACH_AUDIT_LOG: text, HEYREACH_MCP_TOKENS: text })).toMatchObject({
    config: { auditLog: path, tokens: path },
  });
});

test.each(['~ann/audit.jsonl', '${HOME}/audit.jsonl'])('a path setting rejects %j', (text) => {
  expect(read({ HEYREACH_AUDIT_LOG: text })).toEqual({
    ok: false,
    problem: `HEYREACH_AUDIT_LOG must be a whole path, or start with ~/ (got "${text}")`,
  });
});

const WINDOW = { HEYREACH_TEST_WINDOW_MS: '200', HEYREACH_API_KEY: 'a-key' };

test.each([
  [{ HEYREACH_SANDBOX: '1' }, true],
  [{ HEYREACH_BASE_URL: 'http://127.0.0.1:4010' }, true],
  [{ HEYREACH_BASE_URL: 'https://[::1]:4010' }, true],
  [{}, false],
  [{ HEYREACH_BASE_URL: 'https://heyreach.example.com' }, false],
])('the shorter request window of tests with %j: %j', (env, isAccepted) => {
  const parsed = parseConfig([], { ...WINDOW, ...env });
  if (isAccepted) expect(parsed).toMatchObject({ config: { testWindow: 200 } });
  else
    expect(parsed).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/^HEYREACH_TEST_WINDOW_MS is for tests/),
    });
});

test.each(['199', '60001', '1e3', 'short'])('a window of %s ms is rejected', (text) => {
  const problem = `HEYREACH_TEST_WINDOW_MS must be a whole number from 200 to 60000 (got "${text}")`;
  expect(read({ HEYREACH_TEST_WINDOW_MS: text })).toEqual({ ok: false, problem });
});

test('the window setting of tests is neither in the help nor in the documents', () => {
  expect(helpText()).not.toContain('HEYREACH_TEST');
  expect(settingsTable()).not.toContain('HEYREACH_TEST');
  expect(read({})).toMatchObject({ config: { testWindow: undefined } });
});

const OAUTH = {
  HEYREACH_MCP_AUTH: 'oauth',
  HEYREACH_API_KEY: 'a-made-up-key',
  HEYREACH_PUBLIC_URL: 'https://mcp.example.com/mcp',
  HEYREACH_OAUTH_ISSUER: 'https://login.example.com/realm/',
};
const readOAuth = (changes: Record<string, string | undefined>) =>
  parseConfig(['--transport', 'http'], { ...OAUTH, ...changes });

test('OAuth keeps the issuer as written, and allows an address that is not loopback', () => {
  expect(readOAuth({ HEYREACH_MCP_HOST: '0.0.0.0' })).toMatchObject({
    ok: true,
    config: {
      oauthIssuer: 'https://login.example.com/realm/',
      oauthScopes: ['heyreach:read', 'heyreach:draft', 'heyreach:full'],
    },
  });
});

test.each<[what: string, changes: Record<string, string | undefined>, problem: RegExp]>([
  ['no issuer', { HEYREACH_OAUTH_ISSUER: undefined }, /needs HEYREACH_OAUTH_ISSUER/],
  ['no public URL', { HEYREACH_PUBLIC_URL: undefined }, /needs HEYREACH_PUBLIC_URL/],
  ['no key', { HEYREACH_API_KEY: undefined }, /needs HEYREACH_API_KEY/],
  ['bearer tokens', { HEYREACH_MCP_TOKENS: '/tokens' }, /exclude each other/],
  ['an issuer without https', { HEYREACH_OAUTH_ISSUER: 'http://login.example.com' }, /must be a URL with https/],
  ['an issuer with a query', { HEYREACH_OAUTH_ISSUER: 'https://login.example.com/?a=1' }, /must be a URL with https/],
  ['two scopes', { HEYREACH_OAUTH_SCOPES: 'read,full' }, /three different scopes/],
  ['a repeated scope', { HEYREACH_OAUTH_SCOPES: 'read,read,full' }, /three different scopes/],
  ['a scope with a space', { HEYREACH_OAUTH_SCOPES: 'read,a draft,full' }, /three different scopes/],
  // Without the flag, any client could call the server.
  ['a missing HEYREACH_MCP_AUTH', { HEYREACH_MCP_AUTH: undefined }, /HEYREACH_PUBLIC_URL needs --auth oauth/],
])('OAuth with %s prevents the start', (_, changes, problem) => {
  expect(readOAuth(changes)).toEqual({ ok: false, problem: expect.stringMatching(problem) });
});
