import { describe, expect, test } from 'vitest';
import { CAMPAIGN_STATUSES, type CampaignStatus } from '../../../src/client/operations/campaigns.ts';
import { NODE_TYPES } from '../../../src/client/operations/sequence.ts';
import { WEBHOOK_EVENTS } from '../../../src/client/operations/webhooks.ts';
import { sequencesGuide } from '../../../src/resources/guides/sequences.ts';
import { statusesGuide } from '../../../src/resources/guides/statuses.ts';
import { webhooksGuide } from '../../../src/resources/guides/webhooks.ts';
import { guides, resources } from '../../../src/resources/index.ts';
import { startSandbox, type Workspace } from '../../../src/sandbox/index.ts';
import { checkSequence } from '../../../src/tools/campaigns/shared/validate-sequence.ts';
import { tools } from '../../../src/tools/registry.ts';
import { useSandbox } from '../../support/programs/sandbox-harness.ts';
import { useFastTime } from '../../support/runs/fast-time.ts';

// Speeds up the clock, which shortens pauses and retries of the program.
useFastTime();

/** The cells of all table rows of a guide, without code marks. */
function rowsOf(text: string): string[][] {
  const rows = text.split('\n').filter((line) => /^\| /.test(line));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

const exampleOf = (text: string) => JSON.parse(/```json\n([\s\S]*?)```/.exec(text)![1]!);
const firstCells = (text: string, pattern: RegExp) => rowsOf(text).flatMap(([cell]) => cell!.match(pattern) ?? []);

test.each(guides.map((guide) => [guide.uri, guide] as const))(
  '%s is one page and names only existing tools and resources',
  (_, { text }) => {
    expect(Buffer.byteLength(text)).toBeLessThan(6_500);
    expect(text.split('\n').every((line) => line.length < 400)).toBe(true);
    const toolNames = new Set(tools.map(({ name }) => name));
    const named = text.match(/`[a-z]+(_[a-z]+)+`/g) ?? [];
    const verbs = /^`(start|pause|stop|resume|update|create|set|add|remove|list|get)_/;
    expect(named.filter((name) => verbs.test(name) && !toolNames.has(name.slice(1, -1)))).toEqual([]);
    const uris = text.match(/heyreach:\/\/[\w/{}-]+/g) ?? [];
    const known = resources.map(({ uri }) => uri);
    expect(uris.filter((uri) => !known.includes(uri))).toEqual([]);
  },
);

describe('the guide to sequences', () => {
  const at = useSandbox({}, 'in-process');

  test('lists every node type', () => {
    expect(firstCells(sequencesGuide.text, /\b[A-Z]+(_[A-Z]+)*\b/g).sort()).toEqual([...NODE_TYPES].sort());
  });

  const END = { nodeType: 'END', actionDelay: 3, actionDelayUnit: 'HOUR' };
  /** A value for each payload field that the guide names. */
  const VALUES: Record<string, unknown> = {
    messages: ['Hello'],
    fallbackMessage: 'Hello',
    toBeWithdrawnAfterDays: 21,
    reactionType: 'LIKE',
    randomReaction: false,
    reactBefore: 'WEEK1',
    skipDelayIfCannotLike: true,
    instantlyResourceId: '00000000-0000-4000-8000-000000000001',
    resourceType: 'LIST',
    smartLeadCampaignId: 1,
    bisonCampaignId: 1,
  };
  const MAIL = { subject: 'Hello', message: 'Hello' };
  const MAILS: Record<string, unknown> = { messages: [MAIL], fallbackMessage: MAIL };

  /** The node that a table row describes. */
  function nodeOf(nodeType: string, words: string, yesSide: string) {
    const names = words.match(/\b[a-z]+([A-Z][a-z]+)+\b|\bmessages\b/g) ?? [];
    const payload = Object.fromEntries(
      names.map((name) => [name, (nodeType === 'INMAIL' ? MAILS : VALUES)[name] ?? expect.unreachable(name)]),
    );
    const isBranching = !/^(none|as MESSAGE)/.test(yesSide);
    return {
      nodeType,
      actionDelay: 0,
      actionDelayUnit: 'HOUR',
      ...(words === '' || words.startsWith('none') ? {} : { payload }),
      unconditionalNode: END,
      ...(isBranching ? { conditionalNode: END } : {}),
    };
  }

  const steps = rowsOf(sequencesGuide.text)
    .filter((cells) => cells.length === 3)
    .slice(1)
    .flatMap(([types, ...cells]) =>
      types!.split(', ').map((type): [string, string, string] => [type, cells[0]!, cells[1]!]),
    )
    .filter(([type]) => type !== 'END');

  test.each(steps)('its description of %s makes a valid step', (type, words, yesSide) => {
    const [required = ''] = words.split('optional: ');
    for (const fields of [words, required]) {
      expect(checkSequence({ sequence: nodeOf(type, fields, yesSide) }), fields).toBeUndefined();
    }
  });

  test('has an example that can be written and reads back unchanged', async () => {
    const campaignId = at.sandbox.workspace.fixtures.campaignWithoutSequence;
    const sequence = exampleOf(sequencesGuide.text);
    const written = await at.peer.callTool('update_campaign_sequence', { campaignId, sequence });
    expect(written.isError, written.content[0]?.text).toBeFalsy();
    const [, json] = await at.peer.readResource(`heyreach://campaigns/${campaignId}/sequence`);
    const read = JSON.parse(json!.text).sequence;
    // HeyReach adds an END after the message.
    delete read.conditionalNode.conditionalNode;
    expect(read).toEqual(sequence);
  });
});

describe('the guide to statuses', () => {
  const [head, ...rows] = rowsOf(statusesGuide.text).filter((row) => row.length === CAMPAIGN_STATUSES.length + 1);
  const statuses = head!.slice(1) as CampaignStatus[];
  const allowed = rows.flatMap(([names, ...cells]) =>
    names!.split(', ').flatMap((tool) => statuses.map((status, at) => ({ tool, status, says: cells[at]! }))),
  );
  const at = useSandbox({ clock: 'manual' }, 'in-process');

  test('lists every status of campaigns and leads', () => {
    expect([...statuses].sort()).toEqual([...CAMPAIGN_STATUSES].sort());
    expect(firstCells(statusesGuide.text, /^[A-Z]+(_[A-Z]+)?$/g).sort()).toEqual([...CAMPAIGN_STATUSES].sort());
    for (const status of ['Pending', 'InSequence', 'Paused', 'Finished', 'Failed']) {
      expect(firstCells(statusesGuide.text, /^[A-Z][A-Za-z]+$/g)).toContain(status);
    }
    expect(allowed).toHaveLength(11 * CAMPAIGN_STATUSES.length);
  });

  test.each(allowed)('$tool on a $status campaign: $says', async ({ tool, status, says }) => {
    const campaignId = prepare(at.sandbox.workspace, status);
    const result = await at.peer.callTool(tool, { campaignId, ...argumentsOf(tool, at.sandbox.workspace) });
    const error = result.structuredContent?.error as { status?: number } | undefined;
    if (says === 'no') expect(error).toMatchObject({ status: 400 });
    else expect(error).toBeUndefined();
  });

  /** A complete campaign in a given status. */
  function prepare({ campaigns, fixtures, accounts }: Workspace, status: CampaignStatus): number {
    const campaign = campaigns.get(fixtures.draftReadyToStart)!;
    const isOld = status !== 'DRAFT' && status !== 'SCHEDULED';
    const [sender] = [...accounts.values()].filter(({ authIsValid }) => authIsValid);
    const startedAt = isOld ? campaign.creationTime : null;
    Object.assign(campaign, { status, startedAt, accountIds: [sender!.id] });
    return campaign.id;
  }

  function argumentsOf(tool: string, { campaigns, fixtures, accounts }: Workspace): object {
    const { accountIds, sequence, enrolments } = campaigns.get(fixtures.draftReadyToStart)!;
    const [enrolled] = [...campaigns.values()].flatMap((campaign) => [...campaign.enrolments]);
    if (tool === 'stop_lead_in_campaign') enrolments.set(enrolled![0], structuredClone(enrolled![1]));
    const other = [...accounts.values()].find(({ id, authIsValid }) => authIsValid && !accountIds.includes(id))!.id;
    const lead = { profileUrl: 'https://www.linkedin.com/in/nova-example', firstName: 'Nova', lastName: 'Example' };
    const args: Record<string, object> = {
      update_campaign_settings: { excludeHasOtherAccConversations: true },
      update_campaign_sequence: { sequence },
      update_campaign_schedule: { schedule: { dailyStartTime: '09:00', dailyEndTime: '17:00', timeZoneId: 'Etc/UTC' } },
      set_campaign_accounts: { linkedInAccountIds: accountIds },
      add_campaign_accounts: { linkedInAccountIds: [other] },
      remove_campaign_accounts: { linkedInAccountIds: [other] },
      add_leads_to_campaign: { accountLeadPairs: [{ lead }] },
      stop_lead_in_campaign: { leadMemberId: enrolled![0] },
    };
    return args[tool] ?? {};
  }
});

describe('the guide to webhooks', () => {
  test('lists every event', () => {
    expect(firstCells(webhooksGuide.text, /^[A-Z]+(_[A-Z]+)+$/g).sort()).toEqual([...WEBHOOK_EVENTS].sort());
  });

  describe('its example body', () => {
    const at = useSandbox({}, 'in-process');

    test('matches a delivery', async () => {
      const { workspace } = at.sandbox;
      const example = exampleOf(webhooksGuide.text);
      const { accountId, conversationId, profileUrl } = workspace.fixtures.unreadReply;
      expect(accountId && conversationId && profileUrl).toBeTruthy();
      const events = ['CONNECTION_REQUEST_SENT', 'MESSAGE_REPLY_RECEIVED', 'LEAD_TAG_UPDATED'] as const;
      for (const [index, eventType] of events.entries()) {
        const args = { webhookName: `Guide ${index}`, webhookUrl: 'https://example.com/hook', eventType };
        await at.peer.callTool('create_webhook', args);
      }
      const tagging = { leadProfileUrl: profileUrl, tags: ['guide'], createTagIfNotExisting: true };
      await at.peer.callTool('add_lead_tags', tagging);
      at.sandbox.advance(7 * 24 * 3_600_000);
      const bodies = workspace.webhookDeliveries.map(({ body }) => body as Record<string, object>);
      const fields = new Set(bodies.flatMap((body) => Object.keys(body)));
      for (const name of Object.keys(example)) expect([...fields]).toContain(name);
      const seen = new Set(bodies.map(({ event_type }) => String(event_type)));
      expect([...seen]).toEqual(expect.arrayContaining(events.map((event) => event.toLowerCase())));
      const tagged = await startSandbox({ clock: 'manual' });
      const hook = { webhookName: 'Guide', webhookUrl: 'https://example.com/hook', campaignIds: [], isActive: true };
      const eventType = 'LEAD_AUTO_TAGGED_INTERESTED';
      tagged.workspace.webhooks.set(1, { id: 1, ...hook, eventType, customHeaders: {} });
      tagged.advance(21 * 24 * 3_600_000);
      const delivered = tagged.workspace.webhookDeliveries.find(({ body }) => body.eventType === eventType);
      for (const name of Object.keys(delivered!.body)) expect(webhooksGuide.text).toContain(`\`${name}\``);
      await tagged.close();
      const described = new Set(webhooksGuide.text.match(/(?<=`)[a-z]+(_[a-z]+)*(?=`)/g));
      for (const name of fields) expect(described, name).toContain(name);
    });
  });
});
