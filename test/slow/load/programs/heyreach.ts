// The HeyReach of the load: a sandbox with faults for every key, at one address, in its own process.
import { Agent, createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Sandbox, startSandbox } from '../../../../src/sandbox/index.ts';
import { faultsFor } from '../faults.ts';
import type { HeyReachAnswers, HeyReachAsked, Landed, Places } from '../heyreach.ts';
import { markOf, NONCE, type Owner, ownerOf, strangersIn } from '../owners.ts';

/** These owners have workspaces of 120 campaigns and 5,000 conversations. */
const LARGE = 2;

const sandboxes: Sandbox[] = [];
const agent = new Agent({ keepAlive: true });

async function start(owners: number, seed: number, minutes?: number): Promise<Places[]> {
  for (let owner = 0; owner < owners; owner += 1) {
    const sandbox = await startSandbox({
      seed: 1,
      size: owner < LARGE ? 'large' : 'default',
      rateLimit: { perMinute: 300, window: 'sliding', retryAfter: 'seconds' },
    });
    putMark(sandbox, markOf(owner));
    for (const rule of faultsFor(owner, seed, minutes)) sandbox.faults.add(rule);
    sandboxes.push(sandbox);
  }
  return sandboxes.map(placesOf);
}

/** Puts the mark of the owner into every name. Otherwise the workspaces are equal. */
function putMark({ workspace }: Sandbox, mark: string): void {
  for (const campaign of workspace.campaigns.values()) campaign.name += ` ${mark}`;
  for (const list of workspace.lists.values()) list.name += ` ${mark}`;
  for (const person of workspace.people.values()) person.lastName += ` ${mark}`;
  for (const account of workspace.accounts.values()) account.lastName += ` ${mark}`;
  for (const webhook of workspace.webhooks.values()) webhook.webhookName += ` ${mark}`;
}

function placesOf({ workspace }: Sandbox): Places {
  const { fixtures, campaigns, lists, accounts, conversations, people } = workspace;
  return {
    campaigns: [...campaigns.keys()].slice(0, 50),
    running: fixtures.campaigns.IN_PROGRESS,
    lists: [...lists.values()].filter(({ listType }) => listType === 'USER_LIST').map(({ id }) => id),
    emptyList: fixtures.emptyList,
    accounts: [...accounts.keys()],
    conversations: [...conversations.values()].slice(0, 100).map(({ id, accountId }) => ({ id, accountId })),
    slugs: [...people.values()].slice(0, 50).map(({ slug }) => slug),
  };
}

/** Forwards a request to the sandbox of its owner, and the response back. */
function passOn(request: IncomingMessage, response: ServerResponse): void {
  const owner = ownerOf(String(request.headers['x-api-key']));
  const { port } = new URL(sandboxes[owner ?? 0]!.url);
  const { method = 'GET', url: path = '/', headers } = request;
  const onward = send({ port, host: '127.0.0.1', agent, method, path, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
    answer.once('error', () => response.socket?.resetAndDestroy());
  });
  onward.once('error', () => response.socket?.resetAndDestroy());
  response.once('close', () => onward.destroy());
  request.once('error', () => onward.destroy());
  request.pipe(onward);
}

function landed(): Landed[] {
  return sandboxes.flatMap(({ requests }, owner: Owner) =>
    requests
      .filter(({ headers }) => ownerOf(String(headers['x-api-key'])) === owner)
      .map(({ at, status, method, path, body }) => ({
        owner,
        at,
        status,
        route: `${method} ${path.split('?', 1)[0]!.replace('/api/public', '')}`,
        nonces: [...new Set(`${path} ${body}`.match(NONCE))],
        strangers: strangersIn(`${path} ${body}`, owner),
      })),
  );
}

const front = createServer(passOn);
front.keepAliveTimeout = 60_000;

async function answer(asked: HeyReachAsked): Promise<HeyReachAnswers[typeof asked.do]> {
  switch (asked.do) {
    case 'start': {
      const places = await start(asked.owners, asked.seed, asked.minutes);
      await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
      return { url: `http://127.0.0.1:${(front.address() as AddressInfo).port}`, places };
    }
    case 'let go':
      front.closeAllConnections();
      return {};
    case 'tell':
      return { landed: landed() };
  }
}

process.on('message', async (asked: HeyReachAsked) => process.send?.(await answer(asked)));
process.once('disconnect', () => process.exit());
