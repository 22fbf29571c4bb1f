import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HeyReachClient, HeyReachConnection } from '../../../../src/client/index.ts';
import { readListing } from '../../../../src/completion/read-listing.ts';
import { slugOf } from '../../../../src/lib/linkedin-url.ts';
import { isInputRequest } from '../../../../src/mcp/confirmation/types.ts';
import type { RequestContext } from '../../../../src/mcp/request-context.ts';
import { runTool } from '../../../../src/mcp/run-tool.ts';
import { ChangeEvents } from '../../../../src/mcp/services/change-events.ts';
import { resources } from '../../../../src/resources/index.ts';
import { readResource } from '../../../../src/resources/protocol/read-resource.ts';
import { fillTemplate, matchTemplate, splitUri, variablesOf } from '../../../../src/resources/shared/uri-template.ts';
import { affectedBy, knowsEffectOf, type Listing } from '../../../../src/resources/subscriptions/affected-resources.ts';
import { type Sandbox, startSandbox } from '../../../../src/sandbox/index.ts';
import { tools } from '../../../../src/tools/registry.ts';
import { inFastTime } from '../../../support/runs/fast-time.ts';
import { TEST_KEY, TEST_ORGANIZATION_KEY } from '../../../support/runs/keys.ts';
import { onlyInFullRun } from '../../../support/runs/run-scope.ts';
import { files } from '../../../support/tools/caller-files.ts';
import { hiddenJobs } from '../../../support/tools/jobs.ts';
import { openSafety } from '../../../support/tools/safety.ts';
import { sampleCalls } from '../../../support/tools/sample-calls.ts';

const LISTINGS: Listing[] = ['campaigns', 'conversations', 'linkedin-accounts', 'lists'];
const changing = tools.filter(({ risk }) => risk !== 'read');
const log = { debug() {}, info() {}, warn() {}, error() {} };

test('the effect is known for every write tool, and for no read tool', () => {
  expect(changing.filter(({ name }) => !knowsEffectOf(name)).map(({ name }) => name)).toEqual([]);
  const reads = tools.filter(({ risk }) => risk === 'read').map(({ name }) => name);
  expect(reads.filter(knowsEffectOf)).toEqual([]);
});

const affected = (tool: string, input: Record<string, unknown>) => affectedBy({ key: 'any', tool, input });

describe('the arguments name', () => {
  test('a campaign and its sub-resources', () => {
    expect(affected('pause_campaign', { campaignId: 600001 })).toEqual({
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

  test('several campaigns, where the call changes them', () => {
    const campaigns = (tool: string) =>
      affected(tool, { campaignIds: [600001, 600002] }).uris.filter((uri) => /campaigns\/\d+$/.test(uri));
    expect(campaigns('pause_campaign')).toEqual(['heyreach://campaigns/600001', 'heyreach://campaigns/600002']);
    expect(campaigns('create_webhook')).toEqual([]);
  });

  test('a conversation, with its id encoded', () => {
    const input = { conversationId: '2-a/b+c==', linkedInAccountId: 170001, message: 'Hi' };
    expect(affected('send_message', input)).toEqual({
      uris: ['heyreach://conversations', 'heyreach://conversations/170001/2-a%2Fb%2Bc%3D%3D'],
      listings: ['conversations'],
    });
  });

  test('leads, in every form of argument', () => {
    const url = 'https://www.linkedin.com/in/Ada-Example/';
    for (const input of [
      { leadUrl: url },
      { leadProfileUrl: url },
      { profileUrls: [url] },
      { leadProfileUrls: [url] },
      { leads: [{ profileUrl: url }, {}, null] },
      { accountLeadPairs: [{ lead: { profileUrl: url } }, 'odd', { lead: null }] },
    ]) {
      expect(affected('add_leads_to_list', input).uris).toContain('heyreach://leads/ada-example');
    }
    expect(affected('add_leads_to_blacklist', { leads: [{ profileUrl: url }] })).toEqual({ uris: [], listings: [] });
  });

  test('nothing, for unknown tools and other arguments', () => {
    expect(affected('unaffectedByCall_of', {})).toEqual({ uris: [], listings: [] });
    expect(affected('create_webhook', { campaignIds: [1], webhookUrl: 'https://example.com' }).uris).toEqual([]);
  });
});

/** Changes of resources that no argument names. Only polling finds them. */
const UNNAMED = [
  // A lead shows the status of its campaigns.
  /^(pause|resume|start)_campaign: heyreach:..leads\//,
  // The list of the campaign.
  /^add_leads_to_campaign(_v1)?: heyreach:..lists\/\d/,
  // People in a file or a text, and the campaigns of the target list.
  /^import_leads: heyreach:..(leads|campaigns)\//,
  // Leads named by their member ids.
  /^(remove_leads_from_list|stop_lead_in_campaign): heyreach:..leads\//,
];

// Each of the fifty calls reads every resource twice.
describe.each(onlyInFullRun(['the sandbox']))('on %s', () => {
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

  const caller = (changes: ChangeEvents): RequestContext => ({
    client,
    organization: connection.clientFor(TEST_ORGANIZATION_KEY),
    source: 'live',
    log,
    safety: openSafety(),
    jobs: hiddenJobs,
    files,
    changes,
    toolMs: 54_000,
  });

  /** The indexes, and the URIs of everything that the sample calls name. */
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
    const resourceSet = { resources, guides: [], hasTool: () => true };
    const read = uris.map(async (uri) => {
      const result = await readResource(
        uri,
        resourceSet,
        caller(new ChangeEvents()),
        new AbortController().signal,
      ).catch(({ message }) => message);
      return [uri, JSON.stringify(result)] as const;
    });
    const listings = LISTINGS.map(async (listing) => {
      const { rows } = await readListing({ listing }, { client, call: {}, maxPages: 9 });
      return [`listing ${listing}`, JSON.stringify(rows)] as const;
    });
    return new Map(await Promise.all([...read, ...listings]));
  }

  test('covers every resource that one call of any tool changes', {
    timeout: 120_000,
  }, async () => {
    const calls = sampleCalls(sandbox.workspace);
    const uris = everyUri(calls);
    const changes = new ChangeEvents();
    const affectedByCall: ReturnType<typeof affectedBy>[] = [];
    changes.listen((change) => affectedByCall.push(affectedBy(change)));
    const missed: string[] = [];
    const tried = new Set<string>();
    let before = await readAll(uris);
    for (const [name, args] of calls) {
      const tool = changing.find((candidate) => candidate.name === name);
      if (tool === undefined) continue;
      affectedByCall.length = 0;
      const request = {
        arguments: args,
        signal: new AbortController().signal,
        elicitation: { channel: 'token' as const },
      };
      const result = await inFastTime(() => runTool(tool, request, caller(changes)));
      if (isInputRequest(result) || result.isError) throw new Error(`${name} did not work: ${JSON.stringify(result)}`);
      tried.add(name);
      const after = await readAll(uris);
      const stale = affectedByCall.flatMap(({ uris, listings }) => [
        ...uris,
        ...listings.map((listing) => `listing ${listing}`),
      ]);
      for (const [what, text] of after) {
        if (text !== before.get(what) && !stale.includes(what)) missed.push(`${name}: ${what}`);
      }
      before = after;
    }
    // The call changes nothing at HeyReach, and has no sample.
    tried.add('cancel_job');
    expect(changing.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
    expect(missed.filter((entry) => !UNNAMED.some((known) => known.test(entry)))).toEqual([]);
    expect(
      uris.filter((uri) => matchTemplate('heyreach://campaigns/{campaignId}', splitUri(uri)!)).length,
    ).toBeGreaterThan(3);
  });
});
