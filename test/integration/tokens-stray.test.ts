import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CHECK, type Sent, send } from '../support/clients/raw-http.ts';
import { type HeyReachStub, startStub } from '../support/heyreach/heyreach-stub.ts';
import { type HttpProgram, startHttpProgram } from '../support/programs/program.ts';
import { expectNoToken, HOLDERS } from '../support/programs/token-files.ts';
import { OTHER_TEST_KEY, TEST_KEY, TEST_ORGANIZATION_KEY } from '../support/runs/keys.ts';

/** Servers without tokens reject other credentials. They neither forward nor ignore them. */
const { token } = HOLDERS.robot;
let stub: HeyReachStub;
beforeAll(async () => {
  stub = await startStub();
});
beforeEach(() => {
  stub.requests.length = 0;
});
afterAll(() => stub?.close());

describe.each<[what: string, env: Record<string, string>]>([
  ['callers with their own key', {}],
  ['the key of the server for every caller', { HEYREACH_API_KEY: TEST_KEY }],
  ["with an organization's key", { HEYREACH_API_KEY: TEST_KEY, HEYREACH_ORG_API_KEY: TEST_ORGANIZATION_KEY }],
])('%s', (_, env) => {
  let program: HttpProgram;
  beforeAll(async () => {
    program = await startHttpProgram({ env: { HEYREACH_BASE_URL: stub.url, ...env } });
  });
  afterAll(() => program?.stop());

  test.each<[what: string, headers: NonNullable<Sent['headers']>, status: number, refusal: string]>([
    ['a token as the bearer', { authorization: `Bearer ${token}` }, 401, 'stray_token'],
    ['a token as X-API-KEY', { 'x-api-key': token }, 401, 'stray_token'],
    ['another scheme', { authorization: 'Basic bWFkZTp1cA==' }, 400, 'odd_credentials'],
    ['an empty bearer', { authorization: 'Bearer ' }, 400, 'odd_credentials'],
    ['two bearers', { authorization: [`Bearer ${OTHER_TEST_KEY}`, `Bearer ${TEST_KEY}`] }, 400, 'odd_credentials'],
    ['two keys', { 'x-api-key': [OTHER_TEST_KEY, TEST_KEY] }, 400, 'odd_credentials'],
  ])('%s is rejected', async (_what, headers, status, refusal) => {
    const from = program.stderr().length;
    const reply = await send(program.url, { headers, body: CHECK });
    expect(reply.status).toBe(status);
    expect(reply.headers['www-authenticate']).toBe(
      status === 401 ? 'Bearer realm="heyreach-mcp", error="invalid_token"' : undefined,
    );
    expect(reply.message().error?.message).toMatch(/HEYREACH_MCP_TOKENS is not set|Bearer|sent twice/);
    await expect.poll(() => program.stderr().slice(from)).toContain(`"refusal":"${refusal}"`);
    for (const text of [reply.text, program.stderr()]) {
      expectNoToken(text);
      for (const part of ['bWFkZTp1cA', OTHER_TEST_KEY]) expect(text).not.toContain(part);
    }
    expect(stub.requests).toEqual([]);
  });
});
