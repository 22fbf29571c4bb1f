import { ElicitRequestFormParamsSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, test } from 'vitest';
import { choiceOf, formOf } from '../../src/mcp/confirmation/elicitation.ts';
import { tools } from '../../src/tools/registry.ts';
import { toolTable } from './tool-table.ts';

const asking = tools.filter(({ confirmation }) => confirmation !== 'never');

test('every tool of the table that requires confirmation is among them', () => {
  expect(asking.map(({ name }) => name)).toEqual(
    toolTable.filter(({ confirmation }) => confirmation !== 'never').map(({ name }) => name),
  );
});

describe.each(asking.map((tool) => ({ name: tool.name, tool })))('the form of $name', ({ tool }) => {
  const form = formOf(choiceOf(tool));
  const fields = Object.entries(form.properties);

  test('has one required choice of two distinct answers, the negative one first, and none preselected', () => {
    expect(fields).toHaveLength(1);
    const [name, field] = fields[0]!;
    expect(form.required).toEqual([name]);
    const [no, yes] = field.enum as [string, string];
    expect(field.enum).toHaveLength(2);
    expect(yes).toMatch(/^[A-Z][a-z]+$/);
    expect(no).toBe(`Do not ${yes.toLowerCase()}`);
    expect(JSON.stringify(form)).not.toContain('default');
  });

  test('is allowed by the protocol: flat, with a plain enum', () => {
    const question = { mode: 'form', message: 'Do it?', requestedSchema: form };
    expect(ElicitRequestFormParamsSchema.parse(question)).toEqual(question);
    expect(Object.keys(fields[0]![1]).sort()).toEqual(['enum', 'title', 'type']);
  });
});

test('the answers are in the words of each call', () => {
  const yes = Object.fromEntries(asking.map((tool) => [tool.name, choiceOf(tool).yes]));
  expect(yes).toEqual({
    start_campaign: 'Start',
    resume_campaign: 'Resume',
    update_campaign_settings: 'Change',
    set_campaign_accounts: 'Change',
    remove_campaign_accounts: 'Remove',
    add_leads_to_campaign: 'Add',
    send_message: 'Send',
    import_leads: 'Import',
    add_leads_to_list: 'Add',
    remove_leads_from_list: 'Remove',
    remove_leads_from_list_by_url: 'Remove',
    replace_lead_tags: 'Replace',
    create_webhook: 'Create',
    update_webhook: 'Change',
    delete_webhook: 'Delete',
    create_workspace_api_key: 'Create',
    invite_admins: 'Invite',
    invite_members: 'Invite',
    invite_managers: 'Attach',
    add_leads_to_campaign_v1: 'Add',
    add_leads_to_list_v1: 'Add',
  });
});
