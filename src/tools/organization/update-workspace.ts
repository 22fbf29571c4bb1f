import { z } from 'zod';
import { defineTool } from '../define.ts';
import { id, text, whole } from '../fields.ts';
import { organizationStep } from './answer.ts';

export const updateWorkspace = defineTool({
  name: 'update_workspace',
  title: 'Change a workspace',
  description: 'Renames a workspace or changes how many senders it may have; what is left out stays.',
  toolset: 'organization',
  kind: 'write',
  repeat: 'same',
  asks: 'no',
  input: {
    workspaceId: id('Workspace id'),
    workspaceName: text('New name', 200).optional(),
    seatsLimit: whole('Senders', 0, 100_000)
      .nullable()
      .describe('Most senders it may have; null removes the cap')
      .optional(),
  },
  check: ({ workspaceName, seatsLimit }) =>
    workspaceName === undefined && seatsLimit === undefined
      ? 'nothing to change: give workspaceName or seatsLimit'
      : undefined,
  output: z.looseObject({ workspaceId: z.number(), updated: z.boolean(), answer: z.unknown().optional() }),
  // What a workspace reads like is not published, so there is nothing to compare with.
  readBack: null,
  nextStep: organizationStep(),
  async run({ workspaceId, workspaceName, seatsLimit }, { client, call }) {
    const limit = typeof seatsLimit === 'number' ? { value: seatsLimit } : seatsLimit;
    const answer = await client.organization.updateWorkspace({ workspaceId, workspaceName, seatsLimit: limit }, call);
    return { data: { workspaceId, updated: true, ...(answer == null ? {} : { answer }) } };
  },
});
