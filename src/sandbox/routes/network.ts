import { bind, int, required, text } from '../http/model-binding.ts';
import { type ApiResponse, apiError, jsonResponse, validationError } from '../http/response.ts';
import type { Route, RouteCall } from '../http/router.ts';
import { accountOf, personBy } from './shared/lookup.ts';
import { profileView } from './shared/views.ts';

function getNetwork({ world, body }: RouteCall): ApiResponse {
  const input = bind(body, { senderId: required(int), pageNumber: int, pageSize: int });
  const { workspace } = world;
  const account = accountOf(workspace, input.senderId);
  const { pageNumber = 0, pageSize = 10 } = input;
  if (pageSize < 1 || pageSize > 100) throw validationError({ PageSize: ['PageSize must be between 1 and 100'] });
  if (pageNumber < 0) throw validationError({ PageNumber: ['PageNumber must be greater than or equal to 0'] });
  const connections = [...(workspace.network.get(account.id) ?? [])].sort((a, b) => b[1] - a[1]);
  const rows = connections.slice(pageNumber * pageSize, (pageNumber + 1) * pageSize);
  return jsonResponse({
    totalCount: connections.length,
    items: rows.map(([id]) => profileView(workspace.people.get(id)!)),
  });
}

function isConnection({ world, body }: RouteCall): ApiResponse {
  const input = bind(body, { senderAccountId: required(int), leadProfileUrl: text(), leadLinkedInId: text() });
  const { workspace } = world;
  const account = accountOf(workspace, input.senderAccountId);
  const { leadProfileUrl: url, leadLinkedInId: memberId } = input;
  if (Boolean(url) === Boolean(memberId)) {
    throw apiError('Exactly one of leadProfileUrl and leadLinkedInId must be provided.');
  }
  const person = personBy(workspace, { url, memberId });
  return jsonResponse({ isConnection: workspace.network.get(account.id)?.has(person?.linkedinId ?? '') ?? false });
}

export const networkRoutes: Route[] = [
  { method: 'POST', path: '/MyNetwork/GetMyNetworkForSender', body: true, handle: getNetwork },
  { method: 'POST', path: '/MyNetwork/IsConnection', body: true, handle: isConnection },
];
