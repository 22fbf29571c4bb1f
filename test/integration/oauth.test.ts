import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { OAUTH_CLIENTS, signIn } from '../support/clients/oauth-clients.ts';
import { freePort } from '../support/programs/free-port.ts';
import {
  CLIENT_DOCUMENT_URL,
  type IdentityProvider,
  startIdentityProvider,
} from '../support/programs/identity-provider.ts';
import { type HttpProgram, startHttpProgram } from '../support/programs/program.ts';
import { TEST_KEY } from '../support/runs/keys.ts';
import { isFullRun } from '../support/runs/run-scope.ts';

let sandbox: Sandbox;
let issuer: IdentityProvider;
let program: HttpProgram;
beforeAll(async () => {
  sandbox = await startSandbox({ clock: 'manual', rateLimit: false });
  issuer = await startIdentityProvider();
  const port = await freePort();
  program = await startHttpProgram({
    args: ['--auth', 'oauth', '--port', String(port), '--log-level', 'debug'],
    env: {
      HEYREACH_BASE_URL: sandbox.url,
      HEYREACH_API_KEY: TEST_KEY,
      HEYREACH_OAUTH_ISSUER: issuer.issuer,
      HEYREACH_PUBLIC_URL: `http://127.0.0.1:${port}/mcp`,
    },
  });
});
afterAll(async () => {
  await program?.stop();
  await issuer?.close();
  await sandbox?.close();
});

describe.each(OAUTH_CLIENTS.filter((kind) => isFullRun || kind !== 'v2-legacy'))('a client signs in (%s)', (kind) => {
  test('a client that knows only the URL gets discovery, registration, PKCE, and a wider scope for a hidden tool', async () => {
    const client = await signIn(kind, program.url);
    expect(client.requested()[0]!.split(' ')).toContain('heyreach:read');
    expect(client.requested()[0]).not.toContain('heyreach:full');
    const tools = await client.listTools();
    expect(tools).toContain('list_campaigns');
    expect(tools).not.toContain('create_list');
    expect((await client.callTool('list_campaigns', { limit: 1 })).isError).toBeFalsy();
    expect(client.requested()).toHaveLength(1);
    // The tool needs the scope of the mode draft.
    const made = await client.callTool('create_list', { name: `By ${kind}` });
    expect(made.isError).toBeFalsy();
    expect(client.requested()).toHaveLength(2);
    expect(client.requested()[1]!.split(' ')).toContain('heyreach:draft');
    // A client of 2026 keeps its list for a minute, as the server allows.
    if (kind !== 'v2-modern') expect(await client.listTools()).toContain('create_list');
    expect(sandbox.requests.every(({ headers }) => headers['x-api-key'] === TEST_KEY)).toBe(true);
    for (const { access_token: token } of client.tokens) {
      for (const part of token.split('.').slice(1)) expect(program.stderr()).not.toContain(part);
      expect(JSON.stringify(sandbox.requests)).not.toContain(token);
    }
    await client.close();
  });

  test('without a registration, if its id is the URL of a client metadata document', async () => {
    const registrations = issuer.requests('/reg');
    const client = await signIn(kind, program.url, CLIENT_DOCUMENT_URL);
    expect((await client.callTool('list_campaigns', { limit: 1 })).isError).toBeFalsy();
    expect(issuer.requests('/reg')).toBe(registrations);
    const [{ access_token: token }] = client.tokens as [{ access_token: string }];
    const claims = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as object;
    expect(claims).toMatchObject({ client_id: CLIENT_DOCUMENT_URL, aud: program.url });
    await client.close();
  });
});
