import { describe, expect, test } from 'vitest';
import { organizationPost } from '../../../support/heyreach/organization-requests.ts';
import { expectInvalid } from '../../../support/tools/expect-errors.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('update_workspace', () => {
  const wire = useToolHarness();
  const route = '/management/organizations/workspaces/12345';
  const patch = (body: object) => ({ ...organizationPost('/workspaces/12345', body), method: 'PATCH' });

  test.each([
    [
      { workspaceName: 'New', seatsLimit: 5 },
      { workspaceName: 'New', seatsLimit: { value: 5 } },
    ],
    [{ workspaceName: 'New' }, { workspaceName: 'New' }],
    [{ seatsLimit: 0 }, { seatsLimit: { value: 0 } }],
    [{ removeSeatsLimit: true }, { seatsLimit: null }],
    [
      { workspaceName: 'New', seatsLimit: null, removeSeatsLimit: true },
      { workspaceName: 'New', seatsLimit: null },
    ],
    [{ workspaceName: 'New', seatsLimit: null, removeSeatsLimit: null }, { workspaceName: 'New' }],
    [{ seatsLimit: 5, removeSeatsLimit: false }, { seatsLimit: { value: 5 } }],
    [{ workspaceName: 'New', seatsLimit: '' }, { workspaceName: 'New' }],
  ])('sends %j as a PATCH of the changes: a number in a wrapper, null for no limit', async (changes, body) => {
    const result = await wire.call('update_workspace', { workspaceId: 12345, ...changes });
    expect(wire.sent()).toEqual([patch(body)]);
    expect(result.structuredContent).toEqual({ workspaceId: 12345, updated: true });
  });

  test("passes on HeyReach's response", async () => {
    const body = { id: 12345, workspaceName: 'New', seatsLimit: null };
    wire.answerWith({ [route]: { body } });
    const result = await wire.call('update_workspace', { workspaceId: 12345, workspaceName: 'New' });
    expect(result.structuredContent).toEqual({ workspaceId: 12345, updated: true, answer: body });
  });

  test.each([
    [{ workspaceId: 12345 }, 'nothing to change: give workspaceName, seatsLimit or removeSeatsLimit: true'],
    [{ workspaceId: 12345, workspaceName: null }, 'nothing to change: give workspaceName, seatsLimit or'],
    [{ workspaceId: 12345, seatsLimit: null }, 'nothing to change: give workspaceName, seatsLimit or'],
    [{ workspaceId: 12345, removeSeatsLimit: false }, 'nothing to change: give workspaceName, seatsLimit or'],
    [
      { workspaceId: 12345, seatsLimit: 0, removeSeatsLimit: true },
      'seatsLimit and removeSeatsLimit: true exclude each other: give one of them',
    ],
    [{ workspaceId: '../users', workspaceName: 'New' }, 'workspaceId must be a number'],
  ])('rejects %j', async (args, message) => {
    expectInvalid(await wire.call('update_workspace', args), message);
    expect(wire.sent()).toEqual([]);
  });
});
