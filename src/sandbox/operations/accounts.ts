import { bind, paging, text } from '../http/binding.ts';
import { json, type Reply } from '../http/reply.ts';
import { type Call, queryId, type Route, readId } from '../http/router.ts';
import { accountOf, contains, pageOf } from './find.ts';
import { accountView } from './views.ts';

function getAll({ world, body }: Call): Reply {
  const input = bind(body, { ...paging, keyword: text() });
  const found = [...world.workspace.accounts.values()].filter((one) =>
    contains(input.keyword, `${one.firstName} ${one.lastName}`, one.emailAddress),
  );
  return json(pageOf(found, input, (one) => accountView(world, one)));
}

function getById(call: Call): Reply {
  const { world } = call;
  return json(accountView(world, accountOf(world.workspace, queryId(call, 'accountId'))));
}

function getStatus({ world, params }: Call): Reply {
  const account = accountOf(world.workspace, readId(params.accountId ?? '', 'accountId'));
  const isLoggedIn = account.authIsValid;
  return json({
    accountId: account.id,
    status: isLoggedIn ? 'Active' : 'Disconnected',
    failureReason: isLoggedIn ? null : 'The LinkedIn session has expired. Reconnect the account.',
    profile: {
      firstName: account.firstName,
      lastName: account.lastName,
      profileUrl: account.profileUrl,
      emailAddress: account.emailAddress,
    },
    salesNavigator: { isValid: isLoggedIn && account.isValidNavigator },
    recruiter: { isValid: isLoggedIn && account.isValidRecruiter },
  });
}

export const accountRoutes: Route[] = [
  { method: 'POST', path: '/li_account/GetAll', body: true, handle: getAll },
  { method: 'GET', path: '/li_account/GetById', handle: getById },
  { method: 'GET', path: '/li_account/GetAccountStatus/{accountId}', handle: getStatus },
];
