import { describe, expect, test } from 'vitest';
import { organizationPost, unclear } from '../../../support/heyreach/organization-requests.ts';
import { expectError } from '../../../support/tools/expect-errors.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('create_workspace', () => {
  const wire = useToolHarness();
  const route = '/management/organizations/workspaces';

  test("sends name and seats and returns HeyReach's response", async () => {
    const created = { id: 12346, workspaceName: 'Example', seatsLimit: 5, creationTime: null };
    wire.answerWith({ [route]: { body: created } });
    const result = await wire.call('create_workspace', { workspaceName: 'Example', seatsLimit: 5 });
    expect(wire.sent()).toEqual([organizationPost('/workspaces', { workspaceName: 'Example', seatsLimit: 5 })]);
    expect(result.structuredContent).toEqual(created);
  });

  test.each([{}, { seatsLimit: null }])('sends no limit by default: %j', async (seats) => {
    wire.answerWith({ [route]: { body: '12346' } });
    const result = await wire.call('create_workspace', { workspaceName: 'Example', ...seats });
    expect(wire.sent()).toEqual([organizationPost('/workspaces', { workspaceName: 'Example' })]);
    expect(result.structuredContent).toEqual({ answer: 12346 });
  });

  test('is not retried after a 500', async () => {
    wire.answerWith({ [route]: { status: 500 } });
    expectError(await wire.call('create_workspace', { workspaceName: 'Example' }), unclear('list_workspaces'));
    expect(wire.sent()).toHaveLength(1);
  });
});
