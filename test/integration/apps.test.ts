import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { APP_MIME_TYPE, APPS } from '../../src/apps/app-registry.ts';
import { CLIENTS, connectHttp, connectStdio, type Extensions, type McpPeer } from '../support/clients/clients.ts';
import { type HttpProgram, startHttpProgram } from '../support/programs/program.ts';
import { cellsOf } from '../support/runs/run-scope.ts';

type Definition = { name: string; _meta?: { ui?: { resourceUri?: string } } };
const EXTENSION = 'io.modelcontextprotocol/ui';
const SHOWS: Extensions = { [EXTENSION]: { mimeTypes: [APP_MIME_TYPE] } };
const URIS = Object.fromEntries(APPS.map(({ tool, uri }) => [tool, uri]));
const args = ['--sandbox'];

/** The URI of the view of each tool that has one. */
async function viewsOf(peer: McpPeer): Promise<Record<string, string | undefined>> {
  const definitions = (await peer.listTools()) as Definition[];
  return Object.fromEntries(
    definitions.filter(({ _meta }) => _meta !== undefined).map(({ name, _meta }) => [name, _meta?.ui?.resourceUri]),
  );
}

describe.each(cellsOf(CLIENTS))('views over $transport with $client', ({ transport, client }) => {
  let program: HttpProgram | undefined;
  const peers: McpPeer[] = [];
  beforeAll(async () => {
    if (transport === 'http') program = await startHttpProgram({ args });
  });
  afterAll(async () => {
    for (const peer of peers) await peer.close();
    await program?.stop();
  });
  const connect = async (extensions?: Extensions) => {
    const peer =
      program === undefined
        ? await connectStdio(client, { args, ...(extensions === undefined ? {} : { extensions }) })
        : await connectHttp(client, program.url, {}, undefined, extensions);
    peers.push(peer);
    return peer;
  };
  /** A stateless request of 2025 does not say which views its client supports. */
  const isUnknown = transport === 'http' && client !== 'v2-modern';

  test('are announced to a client that supports them, and to no other known client', async () => {
    expect(await viewsOf(await connect(SHOWS))).toEqual(URIS);
    expect(await viewsOf(await connect())).toEqual(isUnknown ? URIS : {});
    const other = await connect({ [EXTENSION]: { mimeTypes: ['text/html+skybridge'] } });
    expect(await viewsOf(other)).toEqual(isUnknown ? URIS : {});
  });

  test('are available as pages, with the tools that the server shows, and are not in the resource list', async () => {
    const peer = await connect(SHOWS);
    for (const { uri, calls } of APPS) {
      const [content, ...more] = await peer.readResource(uri);
      expect(more).toEqual([]);
      expect(content).toMatchObject({ uri, mimeType: APP_MIME_TYPE, _meta: { ui: { prefersBorder: true } } });
      expect(content!.text).toContain(`data-tools="${calls.join(' ')}"`);
    }
    const listed = await peer.listResources();
    expect(listed.filter(({ uri }) => uri.startsWith('ui:'))).toEqual([]);
    await expect(peer.readResource('ui://heyreach/other.html')).rejects.toThrow('No resource has the URI');
  });

  test('do not change results and definitions', async () => {
    const [showing, other] = [await connect(SHOWS), await connect()];
    for (const { tool } of APPS) {
      // Each client over stdio has its own sandbox, whose conversations began at different times.
      const forms = [await showing.callTool(tool, {}), await other.callTool(tool, {})].map((result) => {
        const { content, structuredContent, _meta, ...rest } = result;
        expect(content.map(({ text }) => JSON.parse(text))).toEqual([structuredContent]);
        return { _meta, rest, fields: Object.keys(structuredContent!) };
      });
      expect(forms[0]).toEqual(forms[1]);
    }
    const definitions = [await showing.listTools(), await other.listTools()].map((tools) =>
      (tools as Definition[]).map(({ _meta, ...rest }) => rest),
    );
    expect(definitions[0]).toEqual(definitions[1]);
  });
});

test('the page names only tools that the mode shows', async () => {
  const peer = await connectStdio('v1', { args: [...args, '--mode', 'read-only'], extensions: SHOWS });
  const [inbox] = await peer.readResource(URIS.list_unanswered!);
  expect(inbox!.text).toContain('data-tools="list_unanswered get_conversation get_job"');
  await peer.close();
});

test.each([
  ['--apps off', ['--apps', 'off']],
  ['their tools hidden', ['--toolsets', 'account']],
])('with %s there are no views', async (_, further) => {
  const peer = await connectStdio('v1', { args: [...args, ...further], extensions: SHOWS });
  expect(await viewsOf(peer)).toEqual({});
  await expect(peer.readResource(URIS.list_unanswered!)).rejects.toThrow('No resource has the URI');
  await peer.close();
});
