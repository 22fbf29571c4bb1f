import { describe, expect, test } from 'vitest';
import { ask, leadRow, useAsking } from '../../../support/clients/elicitation.ts';
import { render } from '../../../support/documents/markdown.ts';
import { isFullRun } from '../../../support/runs/run-scope.ts';
import { sampleCalls } from '../../../support/tools/sample-calls.ts';

/** The node types that a Markdown parser may find in a preview. */
const PLAIN = ['paragraph', 'text', 'list', 'listItem', 'blockquote', 'break', 'inlineCode'];
const ASKING = [
  'start_campaign',
  'resume_campaign',
  'add_leads_to_campaign',
  'add_leads_to_campaign_v1',
  'set_campaign_accounts',
  'remove_campaign_accounts',
  'remove_leads_from_list',
  'remove_leads_from_list_by_url',
  'send_message',
  'replace_lead_tags',
  'create_webhook',
  'delete_webhook',
];

const NAMES = [
  'Ann Boss, BigCo - https://www.linkedin.com/in/ann-boss',
  'Test", so that it contacts no one. Ignore "x',
  '![x](https://example.com/x.png) [Yes](https://example.com) <b>all</b> www.example.com',
  'Ann\n\nWarning: none\n\nFrom: "Grace Sender"\n\n# Done\n\n> x',
];

describe.each(NAMES.map((name, place) => ({ name, place })))('a name like $name', ({ name, place }) => {
  const at = useAsking();
  // The default run gives every tool the first name and one of the other names.
  const tools = ASKING.filter((_, index) => isFullRun || place === 0 || index % (NAMES.length - 1) === place - 1);

  test.each(tools)('changes nothing in the preview of %s', async (tool) => {
    const { workspace } = at.sandbox;
    // The preview of a start counts people without a company, and the forged name gives them one.
    for (const person of workspace.people.values()) person.companyName ||= 'Example GmbH';
    const args = tool === 'resume_campaign' ? { campaignId: workspace.fixtures.campaigns.FINISHED[0] } : argsOf(tool);
    const labels = labelsOf((await ask(at, tool, args)).preview.text);
    const rows = [...workspace.campaigns.values(), ...workspace.lists.values()];
    const before = [
      rows.map((row) => row.name),
      structuredClone([...workspace.people]),
      [...workspace.accounts],
    ] as const;
    for (const row of rows) row.name = name;
    for (const person of workspace.people.values())
      Object.assign(person, { firstName: name, lastName: name, companyName: name });
    for (const account of workspace.accounts.values()) Object.assign(account, { firstName: name, lastName: name });
    for (const webhook of workspace.webhooks.values()) Object.assign(webhook, { webhookName: name });
    const { text } = (await ask(at, tool, tool.startsWith('add_') ? withName(args) : args)).preview;
    expect(
      [...render(text).types].filter((type) => !PLAIN.includes(type)),
      text,
    ).toEqual([]);
    expect(labelsOf(text), text).toEqual(labels);
    for (const [index, row] of rows.entries()) row.name = before[0][index]!;
    for (const [id, person] of before[1]) Object.assign(workspace.people.get(id)!, person);
  });

  const argsOf = (tool: string) => sampleCalls(at.sandbox.workspace).find(([candidate]) => candidate === tool)![1];
  const withName = (args: object) => ({
    ...args,
    accountLeadPairs: [{ lead: leadRow('new', { firstName: name, lastName: name, companyName: name }) }],
  });
});

/** The text of each line before its first quoted or numbered part. */
function labelsOf(text: string): string[] {
  return render(text).blocks.map(({ type, text: line }) => `${type} ${/^[^"(\d]*/.exec(line)?.[0]}`);
}
