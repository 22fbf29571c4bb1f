import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  ALL_CLIENTS,
  type ClientKind,
  connectHttp,
  connectStdio,
  type McpPeer,
} from '../../support/clients/clients.ts';
import { send } from '../../support/clients/raw-http.ts';
import { startTwoWorkspaces, type TwoWorkspaces } from '../../support/heyreach/two-workspaces.ts';
import { type HttpProgram, startHttpProgram } from '../../support/programs/program.ts';
import { OTHER_TEST_KEY, TEST_KEY } from '../../support/runs/keys.ts';

/** Arguments of find_leads, which keeps its table as a file. Every client then reads the file. */
const FIND = { stage: 'invite_pending', limit: 1 };
/** The protocol of the oldest client has no resource links. */
const knowsLinks = (kind: ClientKind) => kind !== 'v1.12';

let heyreach: TwoWorkspaces;
let program: HttpProgram;
beforeAll(async () => {
  heyreach = await startTwoWorkspaces();
  program = await startHttpProgram({ env: { HEYREACH_BASE_URL: heyreach.url } });
});
afterAll(async () => {
  await program?.stop();
  await heyreach?.close();
});

const overHttp = (kind: ClientKind, key = TEST_KEY) => connectHttp(kind, program.url, { 'x-api-key': key });
const overStdio = (kind: ClientKind) =>
  connectStdio(kind, { env: { HEYREACH_BASE_URL: heyreach.url, HEYREACH_API_KEY: TEST_KEY } });

/** Finds leads. @returns the links of the result and its file. */
async function findLeads(peer: McpPeer) {
  const { content, structuredContent } = await peer.callTool('find_leads', FIND);
  const { found, file } = structuredContent as { found: number; file: { uri: string; rows: number } };
  expect(file.rows).toBe(found);
  const links = content.filter(({ type }) => type === 'resource_link') as unknown as {
    uri: string;
    mimeType: string;
  }[];
  return { file, links };
}

describe.each(['stdio', 'http'] as const)('over %s', (transport) => {
  test.each(ALL_CLIENTS)('%s reads the CSV that a result links to', async (kind) => {
    const peer = await (transport === 'stdio' ? overStdio(kind) : overHttp(kind));
    const { file, links } = await findLeads(peer);
    expect(links.map(({ uri, mimeType }) => [uri, mimeType])).toEqual(knowsLinks(kind) ? [[file.uri, 'text/csv']] : []);
    const [part] = await peer.readResource(file.uri);
    expect(part).toMatchObject({ uri: file.uri, mimeType: 'text/csv' });
    expect(part!.text.trimEnd().split('\n')).toHaveLength(file.rows + 1);
    expect(part!.text).toContain(heyreach.first.mark);
    await peer.close();
  });
});

describe('another key', () => {
  test('finds neither the resource nor the CSV over HTTP', async () => {
    const peer = await overHttp('v2-modern');
    const { file } = await findLeads(peer);
    await peer.close();
    const path = file.uri.replace('heyreach:/', '');
    const csv = (headers: Record<string, string>) =>
      send(program.url.replace('/mcp', path), { method: 'GET', headers });
    const own = await csv({ 'x-api-key': TEST_KEY });
    expect([own.status, own.text.includes(heyreach.first.mark)]).toEqual([200, true]);
    expect((await csv({ 'x-api-key': OTHER_TEST_KEY })).status).toBe(404);
    expect((await csv({ 'x-api-key': 'a-key-that-HeyReach-does-not-know' })).status).toBe(401);
    expect((await csv({})).status).toBe(401);
    const other = await overHttp('v1', OTHER_TEST_KEY);
    await expect(other.readResource(file.uri)).rejects.toThrow('No such file');
    await other.close();
  });
});
