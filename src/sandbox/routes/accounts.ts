import { bind, paging, text } from '../http/model-binding.ts';
import { type ApiResponse, jsonResponse } from '../http/response.ts';
import { parseId, type Route, type RouteCall, requiredQueryId } from '../http/router.ts';
import { accountOf, contains, pageOf } from './shared/lookup.ts';
import { accountView } from './shared/views.ts';

function getAll({ world, body }: RouteCall): ApiResponse {
  const input = bind(body, { ...paging, keyword: text() });
  const accounts = [...world.workspace.accounts.values()].filter((account) =>
    contains(input.keyword, `${account.firstName} ${account.lastName}`, account.emailAddress),
  );
  return jsonResponse(pageOf(accounts, input, (account) => accountView(world, account)));
}

function getById(call: RouteCall): ApiResponse {
  const { world } = call;
  return jsonResponse(accountView(world, accountOf(world.workspace, requiredQueryId(call, 'accountId'))));
}

function getStatus({ world, params }: RouteCall): ApiResponse {
  const account = accountOf(world.workspace, parseId(params.accountId ?? '', 'accountId'));
  const isLoggedIn = account.authIsValid;
  return jsonResponse({
    accountId: account.id,
    status: isLoggedIn ? 'Connected' : 'Disconnected',
    failureReason: isLoggedIn ? '' : 'The LinkedIn session has expired. Reconnect the account.',
    profile: {
      name: `${account.firstName} ${account.lastName}`,
      email: account.emailAddress,
      url: account.profileUrl,
    },
    salesNavigator: { authenticated: isLoggedIn && account.isValidNavigator },
    recruiter: { authenticated: isLoggedIn && account.isValidRecruiter },
  });
}

export const accountRoutes: Route[] = [
  { method: 'POST', path: '/li_account/GetAll', body: true, handle: getAll },
  { method: 'GET', path: '/li_account/GetById', handle: getById },
  { method: 'GET', path: '/li_account/GetAccountStatus/{accountId}', handle: getStatus },
];
