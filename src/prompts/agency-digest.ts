import { ALL_WORKSPACES } from '../mcp/workspaces.ts';
import { getPerformance } from '../tools/workflows/get-performance.ts';
import { getSenderCapacity } from '../tools/workflows/get-sender-capacity.ts';
import { listUnanswered } from '../tools/workflows/list-unanswered.ts';
import type { Prompt } from './types.ts';

const workspace = ALL_WORKSPACES;

export const agencyDigest: Prompt = {
  name: 'agency_digest',
  title: 'Digest of all workspaces',
  description:
    'Writes one page about all workspaces: who waits for an answer, last week against the week before, senders.',
  arguments: [],
  requiredTools: ['list_unanswered', 'get_performance', 'get_sender_capacity'],
  callTools: (_, call) =>
    Promise.all([
      call(listUnanswered, { workspace }),
      call(getPerformance, { workspace, by: 'sender', period: 'last_week' }),
      call(getSenderCapacity, { workspace }),
    ]),
  write: () => [
    {
      text: 'Write a digest with one paragraph for each workspace, in the order of the results above. Use their numbers, and calculate nothing.',
    },
    {
      text: 'Say how many people wait for an answer and for how long, what changed against the week before, and which senders do not work and why.',
    },
    {
      text: 'Each workspace has at most ten rows above. Name a workspace in every further call, and never mix people of two workspaces.',
    },
    { text: 'End with the workspaces that need the user today, most urgent first. A digest changes nothing.' },
  ],
};
