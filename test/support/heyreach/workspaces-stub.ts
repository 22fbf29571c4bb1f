import { exampleCampaign } from '../fixtures/campaign.ts';
import { type HeyReachStub, type RecordedRequest, startStub } from './heyreach-stub.ts';

export interface WorkspacesStub extends HeyReachStub {
  /** The requests with a key, as paths below /api/public. */
  pathsOf(key: string): string[];
  /** Sets the status of the campaigns in the workspace of a key, as a user of the app would. */
  setStatus(key: string, status: string): void;
  /** Answers every request with this key with the status, until it is reset. */
  refuse(key: string, status: number | undefined): void;
}

/** A HeyReach where every key has its own workspace, in which all campaigns are alike. */
export async function startWorkspaces(): Promise<WorkspacesStub> {
  const stub = await startStub();
  const statuses = new Map<string, string>();
  const refused = new Map<string, number>();
  const keyOf = ({ headers }: RecordedRequest) => headers['x-api-key'] ?? '';
  stub.answer((request) => {
    const key = keyOf(request);
    const status = refused.get(key);
    if (status !== undefined) return { status, body: 'Invalid API key' };
    if (request.path.includes('/campaign/Pause')) statuses.set(key, 'PAUSED');
    const campaign = exampleCampaign({ status: statuses.get(key) ?? 'IN_PROGRESS' });
    if (request.path.includes('/campaign/GetById')) {
      return { body: { ...campaign, id: Number(/campaignId=(\d+)/.exec(request.path)?.[1]) } };
    }
    if (request.path.includes('/campaign/GetAll')) return { body: { totalCount: 1, items: [campaign] } };
    if (request.path.includes('/inbox/')) return { body: { totalCount: 0, items: [], hasNextPage: false } };
    return {};
  });
  return {
    ...stub,
    pathsOf: (key) =>
      stub.requests
        .filter((request) => keyOf(request) === key)
        .map(({ path }) => path.replace('/api/public', '').split('?')[0]!),
    setStatus: (key, status) => void statuses.set(key, status),
    refuse: (key, status) => void (status === undefined ? refused.delete(key) : refused.set(key, status)),
  };
}
