import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../src/sandbox/index.ts';
import { OTHER_TEST_KEY, TEST_KEY } from '../runs/keys.ts';

/** A workspace of a HeyReach with two, where every name and text contains the mark of its workspace. */
export interface OwnedWorkspace extends Sandbox {
  key: string;
  /** A word that is in every answer about this workspace, and nowhere else. */
  mark: string;
}

export interface TwoWorkspaces {
  url: string;
  first: OwnedWorkspace;
  second: OwnedWorkspace;
  /** The headers of requests with neither of the two keys. */
  strangers: IncomingMessage['headers'][];
  /** Holds the next request of a workspace to an operation until a test releases it. */
  holdBack(owner: OwnedWorkspace, path: string): { arrived: Promise<void>; letGo(): void };
  close(): Promise<void>;
}

/** Both workspaces have the same ids, so that a cache by id only would mix them up. */
const ALIKE: SandboxOptions = { seed: 1, startAt: Date.parse('2026-06-15T10:00:00Z'), clock: 'manual' };

/** A HeyReach that shows each of the two test keys its own workspace. */
export async function startTwoWorkspaces(options: SandboxOptions = {}): Promise<TwoWorkspaces> {
  const own = async (key: string, mark: string): Promise<OwnedWorkspace> => {
    const sandbox = await startSandbox({ ...ALIKE, ...options });
    markTexts(sandbox, mark);
    // The state of a sandbox is behind getters.
    return Object.assign(Object.create(sandbox) as Sandbox, { key, mark });
  };
  const first = await own(TEST_KEY, 'Firstland');
  const second = await own(OTHER_TEST_KEY, 'Secondland');
  const strangers: IncomingMessage['headers'][] = [];
  const held: { key: string; path: string; hold(goOn: () => void): void }[] = [];
  const server = createServer((request, response) => {
    const owner = [first, second].find(({ key }) => key === request.headers['x-api-key']);
    if (owner === undefined) {
      strangers.push(request.headers);
      response.writeHead(401).end('Invalid API key');
      return;
    }
    const goOn = () => handOn(owner.url, request, response);
    const at = held.findIndex(({ key, path }) => key === owner.key && request.url!.includes(path));
    if (at === -1) goOn();
    else held.splice(at, 1)[0]!.hold(goOn);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    first,
    second,
    strangers,
    holdBack({ key }, path) {
      let letGo = () => {};
      const arrived = new Promise<void>((resolve) => {
        const hold = (goOn: () => void) => {
          letGo = goOn;
          resolve();
        };
        held.push({ key, path, hold });
      });
      return { arrived, letGo: () => letGo() };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await Promise.all([first.close(), second.close()]);
    },
  };
}

function markTexts({ workspace }: Sandbox, mark: string): void {
  for (const campaign of workspace.campaigns.values()) campaign.name += ` ${mark}`;
  for (const list of workspace.lists.values()) list.name += ` ${mark}`;
  for (const person of workspace.people.values()) person.lastName = mark;
  for (const account of workspace.accounts.values()) account.lastName = mark;
  for (const webhook of workspace.webhooks.values()) webhook.webhookName += ` ${mark}`;
  for (const { messages } of workspace.conversations.values())
    for (const message of messages) message.body += ` ${mark}`;
}

function handOn(url: string, request: IncomingMessage, response: ServerResponse): void {
  const { method, headers, url: path } = request;
  const handed = httpRequest(new URL(path!, url), { method: method!, headers, agent: false }, (answer) => {
    response.writeHead(answer.statusCode!, answer.headers);
    answer.pipe(response);
  });
  handed.on('error', () => response.destroy());
  // Closes the forwarded request when the client disconnects.
  response.on('close', () => handed.destroy());
  request.pipe(handed);
}
