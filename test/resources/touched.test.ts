import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Changes } from '../../src/changes.ts';
import { type HeyReachClient, HeyReachConnection } from '../../src/client/index.ts';
import { readListing } from '../../src/completions/listings.ts';
import { resources } from '../../src/resources/catalog.ts';
import { readResource } from '../../src/resources/read.ts';
import { knowsEffectOf, type Listing, touchedBy } from '../../src/resources/touched.ts';
import { fillTemplate, matchTemplate, splitUri, variablesOf } from '../../src/resources/uri.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { isQuestion } from '../../src/tools/asking.ts';
import type { Caller } from '../../src/tools/context.ts';
import { slugOf } from '../../src/tools/profile-url.ts';
import { tools } from '../../src/tools/registry.ts';
import { runTool } from '../../src/tools/run.ts';
import { TEST_KEY, TEST_ORGANIZATION_KEY } from '../kit/keys.ts';
import { openSafety } from '../kit/safety.ts';
import { sampleCalls } from '../kit/sample-calls.ts';

const LISTINGS: Listing[] = ['campaigns', 'conversations', 'linkedin-accounts', 'lists'];
const changing = tools.filter(({ kind }) => kind !== 'read');
const log = { debug() {}, info() {}, warn() {}, error() {} };

test('it is known of every tool that is no read, and of no other, what it makes stale', () => {
  expect(changing.filter(({ name }) => !knowsEffectOf(name)).map(({ name }) => name)).toEqual([]);
  const reads = tools.filter(({ kind }) => kind === 'read').map(({ name }) => name);
  expect(reads.filter(knowsEffectOf)).toEqual([]);
});

const told = (tool: string, input: Record<string, unknown>) => touchedBy({ key: 'any', tool, input });

describe('what the arguments name', () => {
  test('a campaign, and what hangs below it', () => {
    expect(told('pause_campaign', { campaignId: 600001 })).toEqual({
      uris: [
        'heyreach://campaigns',
        'heyreach://linkedin-accounts',
        'heyreach://campaigns/600001',
        'heyreach://campaigns/600001/sequence',
        'heyreach://campaigns/600001/leads',
        'heyreach://campaigns/600001/stats',
      ],
      listings: [],
    });
  });

  test('a conversation whose id has to be encoded', () => {
    const input = { conversationId: '2-a/b+c==', linkedInAccountId: 170001, message: 'Hi' };
    expect(told('send_message', input)).toEqual({
      uris: ['heyreach://conversations', 'heyreach://conversations/170001/2-a%2Fb%2Bc%3D%3D'],
      listings: ['conversations'],
    });
  });

  test('people, however the tool names them', () => {
    const url = 'https://www.linkedin.com/in/Ada-Example/';
    for (const input of [
      { leadUrl: url },
      { leadProfileUrl: url },
      { profileUrls: [url] },
      { leads: [{ profileUrl: url }, {}, null] },
      { accountLeadPairs: [{ lead: { profileUrl: url } }, 'odd', { lead: null }] },
    ]) {
      expect(told('add_leads_to_list', input).uris).toContain('heyreach://leads/ada-example');
    }
    expect(told('add_leads_to_blacklist', { leads: [{ profileUrl: url }] })).toEqual({ uris: [], listings: [] });
  });

  test('nothing that is none of ours', () => {
    expect(told('unheard_of', {})).toEqual({ uris: [], listings: [] });
    expect(told('create_webhook', { campaignIds: [1], webhookUrl: 'https://example.com' }).uris).toEqual([]);
  });
});

/** What no argument names: only somebody who looks can tell. */
const UNNAMED = [
  // The campaigns of a person are shown with their status.
  /^(pause|resume|start)_campaign: heyreach:..leads\//,
  // A campaign's list, by its campaign.
  /^add_leads_to_campaign(_v1)?: heyreach:..lists\/\d/,
  // People by their member ids.
  /^(remove_leads_from_list|stop_lead_in_campaign): heyreach:..leads\//,
];

describe('on the sandbox', () => {
  let sandbox: Sandbox;
  let connection: HeyReachConnection;
  let client: HeyReachClient;
  beforeAll(async () => {
    sandbox = await startSandbox({ clock: 'manual', rateLimit: false, quirks: { sendDelayMs: 0 } });
    connection = new HeyReachConnection({ origin: sandbox.url, requestsPerMinute: 100_000 });
    client = connection.clientFor(TEST_KEY);
  });
  afterAll(async () => {
    await connection?.close();
    await sandbox?.close();
  });

  const caller = (changes: Changes): Caller => ({
    client,
    organization: connection.clientFor(TEST_ORGANIZATION_KEY),
    source: 'live',
    log,
    safety: openSafety(),
    changes,
    toolMs: 54_000,
  });

  /** Everything that can be read of what the sample calls are about, and all indexes. */
  function everyUri(calls: ReturnType<typeof sampleCalls>): string[] {
    const { fixtures, campaigns, lists } = sandbox.workspace;
    const inputs = calls.map(([, args]) => JSON.stringify(args)).join();
    const { accountId, conversationId, profileUrl } = fixtures.unreadReply;
    const slugs = ['new-example', slugOf(profileUrl)!];
    return resources.flatMap(({ uri }) => {
      const [variable] = variablesOf(uri);
      const fill = (values: Record<string, string | number>) => fillTemplate(uri, values);
      if (variable === undefined) return [uri];
      if (variable === 'campaignId') {
        return [...campaigns.keys()]
          .filter((id) => inputs.includes(String(id)))
          .map((campaignId) => fill({ campaignId }));
      }
      if (variable === 'listId')
        return [...lists.keys()].filter((id) => inputs.includes(String(id))).map((listId) => fill({ listId }));
      if (variable === 'slug') return slugs.map((slug) => fill({ slug }));
      return [fill({ accountId, conversationId })];
    });
  }

  async function readAll(uris: readonly string[]): Promise<Map<string, string>> {
    const reading = { resources, guides: [], hasTool: () => true };
    const read = uris.map(async (uri) => {
      const found = await readResource(uri, reading, caller(new Changes()), new AbortController().signal).catch(
        ({ message }) => message,
      );
      return [uri, JSON.stringify(found)] as const;
    });
    const listings = LISTINGS.map(async (listing) => {
      const { rows } = await readListing(listing, { client, call: {}, mostPages: 9 });
      return [`listing ${listing}`, JSON.stringify(rows)] as const;
    });
    return new Map(await Promise.all([...read, ...listings]));
  }

  test('whatever reads differently after a call was told, for one call of every tool', {
    timeout: 120_000,
  }, async () => {
    const calls = sampleCalls(sandbox.workspace);
    const uris = everyUri(calls);
    const changes = new Changes();
    const heard: ReturnType<typeof touchedBy>[] = [];
    changes.listen((change) => heard.push(touchedBy(change)));
    const missed: string[] = [];
    const tried = new Set<string>();
    let before = await readAll(uris);
    for (const [name, args] of calls) {
      const tool = changing.find((one) => one.name === name);
      if (tool === undefined) continue;
      heard.length = 0;
      const request = { arguments: args, signal: new AbortController().signal, asking: { way: 'token' as const } };
      const result = await runTool(tool, request, caller(changes));
      if (isQuestion(result) || result.isError) throw new Error(`${name} did not work: ${JSON.stringify(result)}`);
      tried.add(name);
      const after = await readAll(uris);
      const stale = heard.flatMap(({ uris, listings }) => [...uris, ...listings.map((one) => `listing ${one}`)]);
      for (const [what, text] of after) {
        if (text !== before.get(what) && !stale.includes(what)) missed.push(`${name}: ${what}`);
      }
      before = after;
    }
    expect(changing.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
    expect(missed.filter((one) => !UNNAMED.some((known) => known.test(one)))).toEqual([]);
    expect(
      uris.filter((uri) => matchTemplate('heyreach://campaigns/{campaignId}', splitUri(uri)!)).length,
    ).toBeGreaterThan(3);
  });
});
