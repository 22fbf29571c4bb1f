import { describe, expect, test } from 'vitest';
import type { Workspace } from '../../src/sandbox/index.ts';
import { tools } from '../../src/tools/registry.ts';
import { useSandbox } from '../support/programs/sandbox-harness.ts';
import { sampleResources } from '../support/tools/resource-samples.ts';
import { sampleCalls } from '../support/tools/sample-calls.ts';

/** Markers: one is in every text of people outside the workspace, the other in every text of the workspace itself. */
const OUTSIDE = 'zzoutside';
const OWN = 'zzown';

/** Read tools whose results contain only texts of HeyReach and the workspace. */
const WITHOUT = [
  'check_api_key',
  'list_campaigns',
  'get_campaign',
  'get_campaign_sequence',
  'list_linkedin_accounts',
  'get_linkedin_account',
  'get_linkedin_account_status',
  'list_lists',
  'get_list',
  'list_lists_for_lead',
  'get_overall_stats',
  'get_performance',
  'get_job',
  'get_sender_capacity',
  'get_stats_by_campaign',
  'get_lead_tags',
  'list_webhooks',
  'get_webhook',
  'check_connection',
];

/** Texts of the workspace that contain names of leads have both markers. */
const MIXED = new Set(['renders[].texts[]']);

describe('every read tool on a sandbox with marked outside text', () => {
  const at = useSandbox({ seed: 7 });

  test('lists all of it in untrustedFields, and nothing else', async () => {
    const { workspace } = at.sandbox;
    const reading = new Map(tools.filter(({ risk }) => risk === 'read').map((tool) => [tool.name, tool]));
    const samples = sampleCalls(workspace).filter(([name]) => reading.has(name));
    poison(workspace);
    const calls = samples.flatMap(([name, args]): [string, object][] =>
      'detail' in reading.get(name)!.input
        ? (['compact', 'full'] as const).map((detail) => [name, { ...args, detail }])
        : [[name, args]],
    );
    expect(calls.length).toBeGreaterThan(reading.size);

    const problems: string[] = [];
    const without = new Set(reading.keys());
    for (const [name, args] of calls) {
      const { structuredContent = {}, isError, content } = await at.peer.callTool(name, args);
      if (isError) problems.push(`${name}: ${content[0]?.text}`);
      const { untrustedFields, ...data } = structuredContent as { untrustedFields?: string[] };
      const named = untrustedFields ?? [];
      if (named.length > 0) without.delete(name);
      else if (untrustedFields !== undefined) problems.push(`${name}: an empty untrustedFields`);
      if (new Set(named).size < named.length) problems.push(`${name}: a path is named twice`);
      const texts = textsOf(data, '');
      const outside = placesOf(texts, OUTSIDE);
      for (const path of outside) {
        if (!named.some((pattern) => covers(pattern, path))) problems.push(`${name}: ${path} is not named`);
      }
      for (const path of placesOf(texts, OWN)) {
        const isNamed = named.some((pattern) => covers(pattern, path));
        if (isNamed && !(MIXED.has(path) && outside.has(path))) problems.push(`${name}: ${path} is named, yet our own`);
      }
      const present = new Set(texts.map(([path]) => path));
      for (const pattern of named) {
        if (![...present].some((path) => covers(pattern, path))) problems.push(`${name}: ${pattern} is not there`);
      }
    }
    expect(problems).toEqual([]);
    expect([...without].sort()).toEqual([...WITHOUT].sort());
  });
});

/** Resources that contain only texts of HeyReach and the workspace. */
const RESOURCES_WITHOUT = [
  'heyreach://campaigns',
  'heyreach://campaigns/{campaignId}',
  'heyreach://campaigns/{campaignId}/sequence',
  'heyreach://campaigns/{campaignId}/stats',
  'heyreach://linkedin-accounts',
  'heyreach://lists',
];

describe('every resource on a sandbox with marked outside text', () => {
  const at = useSandbox({ seed: 7 });

  test('lists all of it in untrustedFields, and nothing else', async () => {
    const { workspace } = at.sandbox;
    poison(workspace);
    const companies = `heyreach://lists/${workspace.fixtures.companyList}`;
    const samples = [...Object.entries(sampleResources(workspace)), ['heyreach://lists/{listId}', companies] as const];
    const problems: string[] = [];
    const without = new Set(samples.map(([template]) => template));
    for (const [template, uri] of samples) {
      const contents = await at.peer.readResource(uri);
      const { untrustedFields, ...data } = JSON.parse(contents.at(-1)!.text) as { untrustedFields?: string[] };
      const named = untrustedFields ?? [];
      if (named.length > 0) without.delete(template);
      else if (untrustedFields !== undefined) problems.push(`${uri}: an empty untrustedFields`);
      const texts = textsOf(data, '');
      for (const path of placesOf(texts, OUTSIDE)) {
        if (!named.some((pattern) => covers(pattern, path))) problems.push(`${uri}: ${path} is not named`);
      }
      for (const path of placesOf(texts, OWN)) {
        if (named.some((pattern) => covers(pattern, path))) problems.push(`${uri}: ${path} is named, yet our own`);
      }
    }
    expect(problems).toEqual([]);
    expect([...without].sort()).toEqual(RESOURCES_WITHOUT);
  });
});

/** Every text of a value with its path, without the indexes of lists. */
function textsOf(value: unknown, path: string): [path: string, text: string][] {
  if (typeof value === 'string') return value === '' ? [] : [[path, value]];
  if (Array.isArray(value)) return value.flatMap((item) => textsOf(item, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => textsOf(item, path === '' ? name : `${path}.${name}`));
}

function placesOf(texts: [string, string][], marker: string): Set<string> {
  return new Set(texts.filter(([, text]) => text.toLowerCase().includes(marker)).map(([path]) => path));
}

/** Whether a listed path covers a field: exactly, or with `.*` everything below. */
function covers(named: string, path: string): boolean {
  return named === path || named === '*' || (named.endsWith('.*') && path.startsWith(named.slice(0, -1)));
}

/** Puts the marker of its author into every text of the workspace. */
function poison(workspace: Workspace): void {
  for (const person of workspace.people.values()) {
    person.slug = `${person.slug}-${OUTSIDE}`;
    person.profileUrl = `https://www.linkedin.com/in/${person.slug}`;
    workspace.slugs.set(person.slug, person.linkedinId);
    const texts = [
      'firstName',
      'lastName',
      'headline',
      'imageUrl',
      'location',
      'companyName',
      'companyUrl',
      'position',
      'about',
      'summary',
      'industry',
      'emailAddress',
      'enrichedEmailAddress',
      'customEmailAddress',
    ] as const;
    for (const name of texts) person[name] = `${OUTSIDE} ${name}`;
    person.emailEnrichments = [`${OUTSIDE}@example.com`];
    person.experiences = JSON.stringify([{ title: OUTSIDE, company: { name: OUTSIDE }, years: 3 }]);
    person.education = JSON.stringify([{ school: OUTSIDE, [`${OUTSIDE} as a name`]: OUTSIDE }]);
    person.tags = [`${OWN} tag`];
    person.autoTags = [{ name: `${OUTSIDE} tag`, campaignId: 1 }];
    person.customFields = [{ name: `${OUTSIDE} name`, value: `${OUTSIDE} value` }];
  }
  for (const { messages } of workspace.conversations.values()) {
    for (const message of messages) {
      Object.assign(message, { body: `${OUTSIDE} body`, subject: `${OUTSIDE} subject`, postLink: `${OUTSIDE} link` });
    }
  }
  for (const list of workspace.lists.values()) {
    list.name = `${OWN} ${list.name}`;
    for (const company of list.companies) {
      const texts = [
        'name',
        'description',
        'industry',
        'imageUrl',
        'companySize',
        'location',
        'specialities',
        'website',
      ] as const;
      for (const name of texts) company[name] = `${OUTSIDE} ${name}`;
    }
  }
  for (const entry of workspace.blacklist) {
    Object.assign(entry, {
      fullName: `${OUTSIDE} name`,
      email: `${OUTSIDE}@example.com`,
      profileUrl: `${OUTSIDE} URL`,
    });
  }
  for (const campaign of workspace.campaigns.values()) {
    campaign.name = `${OWN} ${campaign.name}`;
    for (const enrolment of campaign.enrolments.values()) enrolment.statusMessage = `${OUTSIDE} did not answer`;
    if (campaign.sequence !== null) campaign.sequence.payload = { messages: [`${OWN} message`] };
  }
  for (const account of workspace.accounts.values()) {
    for (const name of ['firstName', 'lastName', 'emailAddress', 'profileUrl'] as const)
      account[name] = `${OWN} ${name}`;
  }
  for (const webhook of workspace.webhooks.values()) {
    webhook.webhookName = `${OWN} hook`;
    webhook.webhookUrl = `https://example.com/${OWN}`;
    webhook.customHeaders = { 'X-Secret': `${OWN} secret` };
  }
  for (const orgWorkspace of workspace.orgWorkspaces.values()) orgWorkspace.workspaceName = `${OUTSIDE} workspace`;
  for (const user of workspace.orgUsers.values()) {
    Object.assign(user, { emailAddress: `${OUTSIDE}@example.com`, firstName: OUTSIDE, lastName: OUTSIDE });
  }
}
