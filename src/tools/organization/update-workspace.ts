import * as z from 'zod';
import { content, flag, id, integer } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';
import { organizationStep } from './shared/untyped-result.ts';

export const updateWorkspace = defineTool({
  name: 'update_workspace',
  title: 'Update a workspace',
  description: 'Renames a workspace or changes its limit of senders. Omitted parameters stay unchanged.',
  toolset: 'organization',
  risk: 'write',
  retry: 'idempotent',
  confirmation: 'never',
  input: () => ({
    workspaceId: id('Workspace id'),
    workspaceName: content('New name', 200).optional(),
    seatsLimit: integer('Maximum number of senders', 0, 100_000).optional(),
    removeSeatsLimit: flag('true removes the limit of senders').optional(),
  }),
  check({ workspaceName, seatsLimit, removeSeatsLimit }) {
    if (removeSeatsLimit !== true) {
      const hasChange = workspaceName !== undefined || seatsLimit !== undefined;
      return hasChange ? undefined : 'nothing to change: give workspaceName, seatsLimit or removeSeatsLimit: true';
    }
    if (seatsLimit === undefined) return undefined;
    return 'seatsLimit and removeSeatsLimit: true exclude each other: give one of them';
  },
  output: () => z.looseObject({ workspaceId: z.number(), updated: z.boolean(), answer: z.unknown().optional() }),
  // HeyReach does not document the fields of a workspace, so there is nothing to compare with.
  verifyAfterRetry: null,
  nextStep: organizationStep(),
  async run({ workspaceId, workspaceName, seatsLimit, removeSeatsLimit }, { client, call }) {
    const newLimit = seatsLimit === undefined ? undefined : { value: seatsLimit };
    const limit = removeSeatsLimit === true ? null : newLimit;
    const response = await client.organization.updateWorkspace({ workspaceId, workspaceName, seatsLimit: limit }, call);
    return { data: { workspaceId, updated: true, ...(response == null ? {} : { answer: response }) } };
  },
});
