import { bind, int, required, text } from '../http/binding.ts';
import { invalid, json, type Reply, refuse } from '../http/reply.ts';
import type { Call, Route } from '../http/router.ts';
import { accountOf, personBy } from './find.ts';
import { profileView } from './views.ts';

function getNetwork({ world, body }: Call): Reply {
  const input = bind(body, { senderId: required(int), pageNumber: int, pageSize: int });
  const { workspace } = world;
  const account = accountOf(workspace, input.senderId);
  const { pageNumber = 0, pageSize = 10 } = input;
  if (pageSize < 1 || pageSize > 100) throw invalid({ PageSize: ['PageSize must be between 1 and 100'] });
  if (pageNumber < 0) throw invalid({ PageNumber: ['PageNumber must be greater than or equal to 0'] });
  const found = [...(workspace.network.get(account.id) ?? [])].sort((a, b) => b[1] - a[1]);
  const rows = found.slice(pageNumber * pageSize, (pageNumber + 1) * pageSize);
  return json({
    totalCount: found.length,
    items: rows.map(([id]) => profileView(workspace.people.get(id)!)),
  });
}

function isConnection({ world, body }: Call): Reply {
  const input = bind(body, { senderAccountId: required(int), leadProfileUrl: text(), leadLinkedInId: text() });
  const { workspace } = world;
  const account = accountOf(workspace, input.senderAccountId);
  const { leadProfileUrl: url, leadLinkedInId: memberId } = input;
  if (Boolean(url) === Boolean(memberId)) {
    throw refuse('Exactly one of leadProfileUrl and leadLinkedInId must be provided.');
  }
  const person = personBy(workspace, { url, memberId });
  return json({ isConnection: workspace.network.get(account.id)?.has(person?.linkedinId ?? '') ?? false });
}

export const networkRoutes: Route[] = [
  { method: 'POST', path: '/MyNetwork/GetMyNetworkForSender', body: true, handle: getNetwork },
  { method: 'POST', path: '/MyNetwork/IsConnection', body: true, handle: isConnection },
];
